// One button for "what now": the server knows what comes first.
import { useState } from "preact/hooks";
import { t } from "../i18n";
import { next } from "../store/acts";
import { useMay } from "../store/admin";
import { Button } from "../ui/parts";

export function NextButton() {
  const answers = useMay("reply");
  const [busy, setBusy] = useState(false);
  if (!answers) return null;
  return (
    <Button kind="primary" icon="next" shortcut="W" title={`${t.next.hint} (W)`} class="next" disabled={busy}
      onClick={() => {
        setBusy(true);
        void next().finally(() => setBusy(false));
      }}>{t.next.label}</Button>
  );
}

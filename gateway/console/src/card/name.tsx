// The contact's name, edited in its place.
import { useState } from "preact/hooks";
import { t } from "../i18n";
import { rename } from "../store/acts";
import { useStore } from "../store/store";
import { Button } from "../ui/parts";

export function Name({ contact, name, shown }: { contact: string; name: string; shown: string }) {
  const viewer = useStore((state) => state.me?.role === "viewer");
  const [text, setText] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async (event: Event) => {
    event.preventDefault();
    if (text === null) return;
    setBusy(true);
    if (text.trim() === name || (await rename(contact, text.trim()))) setText(null);
    setBusy(false);
  };
  if (text === null) {
    return (
      <div class="card-name">
        <h2 class="clamp"><bdi>{shown}</bdi></h2>
        {!viewer && <Button kind="quiet" icon="pencil" label={t.card.edit} onClick={() => setText(name)} />}
      </div>
    );
  }
  return (
    <form class="card-name" onSubmit={save}>
      <input aria-label={t.card.name} value={text} maxLength={200} autofocus dir="auto" disabled={busy} ref={(input) => { if (input && document.activeElement !== input && !busy) input.focus(); }}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          setText(null);
        }} />
      <Button kind="primary" type="submit" disabled={busy}>{t.card.save}</Button>
    </form>
  );
}

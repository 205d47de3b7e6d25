// A new password for the person who is signed in.
import { useState } from "preact/hooks";
import { t } from "../i18n";
import { closeDialog } from "../store/acts";
import { changePassword } from "../store/session";
import { useStore } from "../store/store";
import { sentence, toast } from "../store/toasts";
import { Dialog, DialogEnd } from "../ui/dialog";
import { Icon } from "../ui/icons";

export function Password() {
  const has = useStore((state) => state.me?.has_password ?? false);
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await changePassword(has ? old : null, next);
      closeDialog();
      toast(t.choose.saved, "good");
    } catch (reason) {
      setProblem(sentence(reason));
      setBusy(false);
    }
  };
  return (
    <Dialog title={t.choose.field}>
      <form onSubmit={submit}>
        <div class="dialog-body">
          {has && (
            <label class="field">
              <span>{t.choose.old}</span>
              <input class="text-input" type="password" autocomplete="current-password" required data-autofocus value={old} onInput={(event) => setOld(event.currentTarget.value)} />
            </label>
          )}
          <label class="field">
            <span>{t.choose.field}</span>
            <input class="text-input" type="password" autocomplete="new-password" required value={next} onInput={(event) => setNext(event.currentTarget.value)} />
          </label>
          {problem !== null && <p class="form-problem" role="alert"><Icon name="alert" />{problem}</p>}
        </div>
        <DialogEnd submit={t.choose.submit} busy={busy} disabled={!next || (has && !old)} />
      </form>
    </Dialog>
  );
}

// A new password for the person who is signed in.
import { useState } from "preact/hooks";
import { Problem } from "../api/http";
import { t } from "../i18n";
import { closeDialog } from "../store/acts";
import { changePassword } from "../store/session";
import { useStore } from "../store/store";
import { sentence, toast } from "../store/toasts";
import { Dialog, DialogEnd } from "../ui/dialog";
import { Icon } from "../ui/icons";
import { longEnough, Measure, Secret } from "../ui/secret";

export function Password() {
  const has = useStore((state) => state.me?.has_password ?? false);
  const email = useStore((state) => state.me?.email ?? "");
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ text: string; field: string | null } | null>(null);
  const of = (...fields: string[]) => (problem?.field && fields.includes(problem.field) ? problem.text : null);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (has && old === next) return setProblem({ text: t.admin.door.same, field: "new" });
    setBusy(true);
    setProblem(null);
    try {
      await changePassword(has ? old : null, next);
      closeDialog();
      toast(t.choose.saved, "good");
    } catch (reason) {
      setProblem({ text: sentence(reason), field: reason instanceof Problem ? reason.field : null });
      setBusy(false);
    }
  };
  const placed = of("old", "new", "password") !== null;
  return (
    <Dialog title={t.choose.field}>
      <form onSubmit={submit}>
        <div class="dialog-body">
          <input type="email" autocomplete="username" value={email} readOnly hidden />
          {has && <Secret label={t.choose.old} name="password" autocomplete="current-password" autofocus problem={of("old")} value={old} change={setOld} />}
          <Secret label={t.choose.field} name="new-password" autocomplete="new-password" autofocus={!has} hint={t.admin.door.linkHint} problem={of("new", "password")} value={next} change={setNext}><Measure password={next} /></Secret>
          <p class="dialog-text small">{t.admin.door.oldWrong}</p>
          {problem && !placed && <p class="form-problem" role="alert"><Icon name="alert" />{problem.text}</p>}
        </div>
        <DialogEnd submit={t.choose.submit} busy={busy} disabled={!longEnough(next) || (has && !old)} />
      </form>
    </Dialog>
  );
}

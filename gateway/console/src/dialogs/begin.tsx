// A conversation begun with somebody who is known already.
import { useState } from "preact/hooks";
import type { Named } from "../api/types";
import { t } from "../i18n";
import { closeDialog, openTicket } from "../store/acts";
import { sentence } from "../store/toasts";
import { Dialog, DialogEnd } from "../ui/dialog";
import { Problem } from "./found";

export function Begin({ contact }: { contact: Named }) {
  const [subject, setSubject] = useState("");
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await openTicket({ contact: contact.id, address: null, name: "", subject: subject.trim(), text: text.trim() });
      closeDialog();
    } catch (reason) {
      setProblem(sentence(reason));
      setBusy(false);
    }
  };
  return (
    <Dialog title={t.begin.title(contact.name)}>
      <form onSubmit={submit}>
        <div class="dialog-body">
          <label class="field">
            <span>{t.ticket.subject}</span>
            <input class="text-input" dir="auto" data-autofocus value={subject} maxLength={300} onInput={(event) => setSubject(event.currentTarget.value)} />
          </label>
          <label class="field">
            <span>{t.ticket.text}</span>
            <textarea class="note-input" rows={4} dir="auto" required value={text} onInput={(event) => setText(event.currentTarget.value)} />
            <span class="hint">{t.begin.textHint}</span>
          </label>
          <Problem text={problem} />
        </div>
        <DialogEnd submit={t.begin.submit} busy={busy} disabled={!text.trim()} />
      </form>
    </Dialog>
  );
}

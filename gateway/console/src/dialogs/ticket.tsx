// A ticket for somebody who stands at the desk or is on the phone.
import { useId, useState } from "preact/hooks";
import { Problem } from "../api/http";
import { t } from "../i18n";
import { addressOf } from "../pure/address";
import { closeDialog, openTicket } from "../store/acts";
import { sentence } from "../store/toasts";
import { Dialog, DialogEnd } from "../ui/dialog";
import { Icon } from "../ui/icons";

const fields = ["name", "address", "subject"] as const;

export function Ticket() {
  const [form, setForm] = useState({ name: "", address: "", subject: "", text: "" });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ text: string; field: string | null } | null>(null);
  const problemId = useId();
  const put = (name: keyof typeof form, value: string) => setForm({ ...form, [name]: value });
  const submit = async (event: Event) => {
    event.preventDefault();
    const address = addressOf(form.address);
    if (address === undefined) return setProblem({ text: t.ticket.badAddress, field: "address" });
    setBusy(true);
    setProblem(null);
    try {
      await openTicket({ address, name: form.name.trim(), subject: form.subject.trim(), text: form.text.trim() });
      closeDialog();
    } catch (reason) {
      setProblem({ text: sentence(reason), field: reason instanceof Problem ? reason.field : null });
      setBusy(false);
    }
  };
  const wrong = (name: string) => (problem?.field === name ? { "aria-invalid": true as const, "aria-describedby": problemId } : {});
  return (
    <Dialog title={t.ticket.title}>
      <form onSubmit={submit}>
        <div class="dialog-body">
          {fields.map((name) => (
            <label key={name} class="field">
              <span>{t.ticket[name]}</span>
              <input class="text-input" dir="auto" value={form[name]} maxLength={300} {...(name === "name" ? { "data-autofocus": true } : {})} {...wrong(name)}
                onInput={(event) => put(name, event.currentTarget.value)} />
              {name === "address" && <span class="hint">{t.ticket.addressHint}</span>}
            </label>
          ))}
          <label class="field">
            <span>{t.ticket.text}</span>
            <textarea class="note-input" rows={4} dir="auto" required value={form.text} {...wrong("text")} onInput={(event) => put("text", event.currentTarget.value)} />
            <span class="hint">{t.ticket.textHint}</span>
          </label>
          {problem && <p id={problemId} class="form-problem" role="alert"><Icon name="alert" />{problem.text}</p>}
        </div>
        <DialogEnd submit={t.ticket.submit} busy={busy} disabled={!form.text.trim()} />
      </form>
    </Dialog>
  );
}

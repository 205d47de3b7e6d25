// A moment of one's own: until when to snooze, or when it is due.
import { useState } from "preact/hooks";
import { now } from "../api/http";
import { t } from "../i18n";
import { atField, farOf, fieldOf } from "../pure/time";
import { closeDialog, snooze } from "../store/acts";
import { change } from "../store/change";
import { get } from "../store/store";
import { Dialog, DialogEnd } from "../ui/dialog";
import { Icon } from "../ui/icons";

export function When({ id, what }: { id: string; what: "snooze" | "due" }) {
  const due = get().rows[id]?.due_at ?? null;
  const [value, setValue] = useState(what === "due" && due !== null ? fieldOf(due) : fieldOf(now() + 7_200_000_000));
  const [busy, setBusy] = useState(false);
  const at = atField(value);
  const past = at !== null && at <= now();
  const submit = async (event: Event) => {
    event.preventDefault();
    if (at === null || past) return;
    setBusy(true);
    const done = await (what === "snooze" ? snooze(id, at) : change(id, { due_at: at }));
    setBusy(false);
    if (done) closeDialog();
  };
  return (
    <Dialog title={t.when[what]}>
      <form onSubmit={submit}>
        <div class="dialog-body">
          <p class="dialog-text">{what === "snooze" ? t.when.snoozeText : t.when.dueText}</p>
          <label class="field">
            <span>{t.when.field}</span>
            <input type="datetime-local" data-autofocus required value={value} min={fieldOf(now())} aria-invalid={past} onInput={(event) => setValue(event.currentTarget.value)} />
          </label>
          <p class={past ? "form-problem" : "hint-line"} role="status">{past && <Icon name="alert" />}{at === null ? t.when.incomplete : past ? t.when.past : t.when.far(farOf(at, now()))}</p>
        </div>
        <DialogEnd submit={t.when.set} busy={busy} disabled={at === null || past} />
      </form>
    </Dialog>
  );
}

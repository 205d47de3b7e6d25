// Two conversations of one contact become one timeline. Which number stays is asked; it can be undone.
import { useState } from "preact/hooks";
import type { Row } from "../api/types";
import { t } from "../i18n";
import { closeDialog } from "../store/acts";
import { freshRow, join, rowByNumber } from "../store/change";
import { useStore } from "../store/store";
import { sentence } from "../store/toasts";
import { Dialog, DialogEnd } from "../ui/dialog";
import { Problem, RowChoice } from "./found";
import { numberIn } from "./link";

export function Join({ id }: { id: string }) {
  const row = useStore((state) => state.rows[id]);
  const others = useStore((state) => state.pages[id]?.card?.conversations.filter((one) => one.state !== "joined" && !one.spam) ?? []);
  const [chosen, setChosen] = useState<Row | null>(null);
  const [typed, setTyped] = useState("");
  const [keep, setKeep] = useState<"this" | "other">("this");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  if (!row) return null;
  const number = numberIn(typed);
  const shown = chosen ? String(chosen.number) : number;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (shown === null) return;
    setBusy(true);
    setProblem(null);
    try {
      const other = chosen ? await freshRow(chosen.id) : await rowByNumber(shown);
      if (!other) {
        setBusy(false);
        return setProblem(t.join.notFound(shown));
      }
      await (keep === "this" ? join(row, other) : join(other, row));
      closeDialog();
    } catch (reason) {
      setProblem(sentence(reason));
      setBusy(false);
    }
  };
  return (
    <Dialog title={t.join.title}>
      <form onSubmit={submit}>
        <div class="dialog-body">
          <p class="dialog-text">{t.join.text}</p>
          {others.length === 0 && <p class="faint">{t.join.none}</p>}
          {others.length > 0 && (
            <div class="choices" role="radiogroup" aria-label={t.join.earlier}>
              {others.map((one) => <RowChoice key={one.id} row={one} chosen={chosen?.id === one.id} choose={(picked) => { setChosen(picked); setTyped(""); }} />)}
            </div>
          )}
          <label class="field">
            <span>{t.join.find}</span>
            <input inputMode="numeric" placeholder="#1042" value={typed} {...(others.length === 0 ? { "data-autofocus": true } : {})} onInput={(event) => { setTyped(event.currentTarget.value); setChosen(null); }} />
          </label>
          {shown !== null && (
            <fieldset class="segments">
              <legend>{t.join.keep}</legend>
              <label class="segment"><input type="radio" name="keep" checked={keep === "this"} onChange={() => setKeep("this")} /><span class="figures">{t.join.this(row.number)}</span></label>
              <label class="segment"><input type="radio" name="keep" checked={keep === "other"} onChange={() => setKeep("other")} /><span class="figures">{t.join.other(shown)}</span></label>
            </fieldset>
          )}
          <Problem text={problem} />
        </div>
        <DialogEnd submit={t.join.submit} busy={busy} disabled={shown === null} />
      </form>
    </Dialog>
  );
}

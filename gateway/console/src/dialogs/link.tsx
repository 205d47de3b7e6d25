// Link this conversation to another: related, a duplicate of it, or waiting for it.
import { useState } from "preact/hooks";
import { listConversations } from "../api/calls";
import type { LinkKind, Row } from "../api/types";
import { t } from "../i18n";
import { closeDialog } from "../store/acts";
import { link } from "../store/change";
import { sentence } from "../store/toasts";
import { Dialog, DialogEnd } from "../ui/dialog";
import { Choices, Problem, RowChoice, useSearch } from "./found";

const kinds: LinkKind[] = ["related", "duplicate_of", "blocked_by"];

/** `1042` or `#1042`: the number somebody typed, null for words. */
export const numberIn = (words: string) => /^#?(\d{1,12})$/.exec(words.trim())?.[1] ?? null;

/** The conversation of that number first, then those in which the words occur. */
async function find(words: string, id: string): Promise<Row[]> {
  const number = numberIn(words);
  const page = await listConversations({ view: "all", state: "any", q: number ?? words }, null, 50);
  const exact = (row: Row) => Number(String(row.number) === number);
  return page.rows.filter((row) => row.id !== id).sort((one, other) => exact(other) - exact(one));
}

export function LinkTo({ id }: { id: string }) {
  const [words, setWords] = useState("");
  const [kind, setKind] = useState<LinkKind>("related");
  const [chosen, setChosen] = useState<Row | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const search = useSearch(words, (typed) => find(typed, id));
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!chosen) return;
    setBusy(true);
    setProblem(null);
    try {
      await link(id, chosen.id, kind, chosen.number);
      closeDialog();
    } catch (reason) {
      setProblem(sentence(reason));
      setBusy(false);
    }
  };
  return (
    <Dialog title={t.link.title} wide>
      <form onSubmit={submit}>
        <div class="dialog-body">
          <fieldset class="segments">
            <legend>{t.link.kind}</legend>
            {kinds.map((one) => (
              <label key={one} class="segment">
                <input type="radio" name="kind" checked={kind === one} onChange={() => setKind(one)} /><span>{t.link.kinds[one]}</span>
              </label>
            ))}
          </fieldset>
          <input type="search" class="text-input" data-autofocus aria-label={t.link.find} placeholder={t.link.find} value={words} dir="auto"
            onInput={(event) => { setWords(event.currentTarget.value); setChosen(null); }} />
          <Choices label={t.link.title} search={search} none={t.link.none}>
            {search.found?.map((row) => <RowChoice key={row.id} row={row} chosen={chosen?.id === row.id} choose={setChosen} />)}
          </Choices>
          <Problem text={problem} />
        </div>
        <DialogEnd submit={t.link.submit} busy={busy} disabled={!chosen} />
      </form>
    </Dialog>
  );
}

// Two contacts, one person: pick a conversation of the other one. Can be undone.
import { useEffect, useState } from "preact/hooks";
import { listConversations } from "../api/calls";
import type { Row } from "../api/types";
import { channelName, nameOf, t } from "../i18n";
import { now } from "../api/http";
import { shortOf } from "../pure/time";
import { closeDialog, merge, nameOnCard } from "../store/acts";
import { useStore } from "../store/store";
import { sentence } from "../store/toasts";
import { Dialog, DialogEnd } from "../ui/dialog";
import { channelIcon, Icon } from "../ui/icons";
import { Avatar, Skeleton } from "../ui/parts";

/** The newest conversation of each contact but this one. */
function others(rows: readonly Row[], contact: string): Row[] {
  const seen = new Set([contact]);
  return rows.filter((row) => !seen.has(row.contact.id) && seen.add(row.contact.id));
}

function useFound(words: string): { rows: Row[] | null; problem: string | null } {
  const [found, setFound] = useState<{ rows: Row[] | null; problem: string | null }>({ rows: null, problem: null });
  useEffect(() => {
    let live = true;
    const timer = setTimeout(() => {
      listConversations({ view: "all", state: "any", q: words.trim() }, null, 30)
        .then((page) => live && setFound({ rows: page.rows, problem: null }))
        .catch((reason: unknown) => live && setFound({ rows: [], problem: sentence(reason) }));
    }, words ? 250 : 0);
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [words]);
  return found;
}

export function MergeWith({ id }: { id: string }) {
  const card = useStore((state) => state.pages[id]?.card ?? null);
  const row = useStore((state) => state.rows[id]);
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { rows, problem } = useFound(words);
  if (!card || !row) return null;
  const found = rows ? others(rows, card.id) : null;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (chosen === null) return;
    setBusy(true);
    const done = await merge(id, card.id, chosen);
    setBusy(false);
    if (done) closeDialog();
  };
  return (
    <Dialog title={t.merge.title}>
      <form onSubmit={submit}>
        <div class="dialog-body">
          <p class="dialog-text">{t.merge.text(nameOnCard(card, nameOf(row)))}</p>
          <input type="search" class="text-input" data-autofocus aria-label={t.merge.find} placeholder={t.merge.find} value={words}
            onInput={(event) => { setWords(event.currentTarget.value); setChosen(null); }} />
          <div class="choices" role="radiogroup" aria-label={t.merge.title}>
            {problem !== null && <p class="form-problem" role="alert"><Icon name="alert" />{problem}</p>}
            {!found && <Skeleton label={t.list.loading} rows={4} shape="line" />}
            {found?.length === 0 && problem === null && <p class="faint">{t.merge.none}</p>}
            {found?.map((one) => (
              <label key={one.contact.id} class="choice two-lines">
                <input type="radio" name="contact" checked={chosen === one.contact.id} onChange={() => setChosen(one.contact.id)} />
                <Avatar name={one.contact.name} seed={one.contact.id} />
                <span class="choice-text">
                  <span class="clip" dir="auto">{nameOf(one)}</span>
                  <span class="choice-preview faint"><Icon name={channelIcon(one.channel)} size={14} label={channelName(one.channel)} /> <span class="clip" dir="auto">{one.preview}</span></span>
                </span>
                <span class="choice-hint figures">{shortOf(one.last_at, now())}</span>
              </label>
            ))}
          </div>
        </div>
        <DialogEnd submit={t.merge.submit} busy={busy} disabled={chosen === null} />
      </form>
    </Dialog>
  );
}

// Two contacts, one person: find the other, look at both side by side, fold one into the other. Can be undone.
import { useEffect, useState } from "preact/hooks";
import { findContacts, getContact } from "../api/calls";
import type { Card, Found, Id } from "../api/types";
import { labelOf, nameOf, t } from "../i18n";
import { now } from "../api/http";
import { momentOf, shortOf } from "../pure/time";
import { closeDialog, merge, nameOnCard } from "../store/acts";
import { useStore } from "../store/store";
import { sentence } from "../store/toasts";
import { Dialog, DialogEnd } from "../ui/dialog";
import { Avatar, Skeleton } from "../ui/parts";
import { Choices, Problem, useSearch } from "./found";

function Side({ title, card, last }: { title: string; card: Card; last: { number: number; at: number } | null }) {
  return (
    <section class="side">
      <h3>{title}</h3>
      <p class="side-name"><Avatar name={card.name} seed={card.id} /><bdi>{card.name.trim() || t.contacts.nameless}</bdi></p>
      <ul role="list">
        {card.identities.map((one) => <li key={one.address}><bdi title={one.address}>{labelOf(one)}</bdi></li>)}
        {!card.identities.length && <li class="faint">{t.contacts.noAddress}</li>}
      </ul>
      {card.claims.length > 0 && <p class="faint small">{t.contacts.claims(card.claims.map((one) => one.label || one.address).join(", "))}</p>}
      <p class="faint small figures">{last ? t.contacts.last(last.number, momentOf(last.at, now())) : t.contacts.noConversation}</p>
    </section>
  );
}

function useContact(id: Id | null): { card: Card | null; problem: string | null } {
  const [state, setState] = useState<{ card: Card | null; problem: string | null }>({ card: null, problem: null });
  useEffect(() => {
    let live = true;
    setState({ card: null, problem: null });
    if (id) getContact(id).then((card) => live && setState({ card, problem: null })).catch((reason: unknown) => live && setState({ card: null, problem: sentence(reason) }));
    return () => { live = false; };
  }, [id]);
  return state;
}

function FoundChoice({ one, chosen, choose }: { one: Found; chosen: boolean; choose(id: Id): void }) {
  return (
    <label class="choice two-lines">
      <input type="radio" name="contact" checked={chosen} onChange={() => choose(one.id)} />
      <Avatar name={one.name} seed={one.id} />
      <span class="choice-text">
        <bdi class="clip">{one.name.trim() || (one.number !== null ? t.visitor(one.number) : t.contacts.nameless)}</bdi>
        <span class="choice-preview faint"><bdi class="clip">{one.addresses.join(", ") || t.contacts.noAddress}</bdi></span>
      </span>
      <span class="choice-hint figures">{one.number !== null && `#${one.number}`}<br />{one.last_at ? shortOf(one.last_at, now()) : ""}</span>
    </label>
  );
}

export function MergeWith({ id, other }: { id: Id; other: Id | null }) {
  const card = useStore((state) => state.pages[id]?.card ?? null);
  const row = useStore((state) => state.rows[id]);
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState<Id | null>(other);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const search = useSearch(words, async (typed) => (typed ? (await findContacts(typed)).filter((one) => one.id !== card?.id) : []));
  const their = useContact(chosen);
  if (!card || !row) return null;
  const last = their.card?.conversations[0];
  const submit = async (event: Event) => {
    event.preventDefault();
    if (chosen === null) return;
    setBusy(true);
    setProblem(null);
    try {
      await merge(id, card.id, chosen);
      closeDialog();
    } catch (reason) {
      setProblem(sentence(reason));
      setBusy(false);
    }
  };
  return (
    <Dialog title={t.merge.title} wide>
      <form onSubmit={submit}>
        <div class="dialog-body">
          <p class="dialog-text">{t.merge.text(nameOnCard(card, nameOf(row)))}</p>
          {chosen === null && (
            <>
              <input type="search" class="text-input" data-autofocus aria-label={t.contacts.find} placeholder={t.contacts.find} value={words} dir="auto" onInput={(event) => setWords(event.currentTarget.value)} />
              <Choices label={t.merge.title} search={search} none={words.trim() ? t.contacts.none : t.contacts.hint}>
                {search.found?.map((one) => <FoundChoice key={one.id} one={one} chosen={false} choose={setChosen} />)}
              </Choices>
            </>
          )}
          {chosen !== null && (
            <>
              <div class="sides">
                <Side title={t.contacts.this} card={card} last={{ number: row.number, at: row.last_at }} />
                {their.card ? <Side title={t.contacts.other} card={their.card} last={last ? { number: last.number, at: last.last_at } : null} /> : <Skeleton label={t.join.loading} rows={4} shape="line" />}
              </div>
              <p class="hint-line">{t.contacts.reversible} <button type="button" class="link" onClick={() => setChosen(null)}>{t.contacts.swap}</button></p>
            </>
          )}
          <Problem text={problem ?? their.problem} />
        </div>
        <DialogEnd submit={t.merge.submit} busy={busy} disabled={!their.card} />
      </form>
    </Dialog>
  );
}

// The contact: who this is as far as we know, and how we know it.
import type { Card, Row } from "../api/types";
import { nameOf, t } from "../i18n";
import { now } from "../api/http";
import { momentOf } from "../pure/time";
import { openDialog } from "../store/acts";
import { unblock } from "../store/change";
import { go } from "../store/route";
import { useStore } from "../store/store";
import { emptyPage, type Page } from "../store/state";
import { Tags } from "../conversation/tags";
import { Avatar, Button, Skeleton } from "../ui/parts";
import { About, Attributes, Blocked, PageNow } from "./about";
import { Earlier } from "./earlier";
import { Identities } from "./identities";
import { Name } from "./name";
import { Section } from "./section";
import { Joined, Links, MaybeSame, Merges } from "./ties";

function Ticket({ row, may }: { row: Row; may: boolean }) {
  const moment = (at: number) => momentOf(at, now());
  const facts: [string, string][] = [[t.card.number, `#${row.number}`], [t.card.opened, moment(row.created_at)]];
  if (row.due_at !== null) facts.push([t.card.due, moment(row.due_at)]);
  if (row.rating !== null) facts.push([t.person.rated, t.head.rated(row.rating).replace(/^\S+ /, "")]);
  return (
    <Section title={t.card.ticket}>
      <dl class="facts">
        {row.subject && <div><dt>{t.card.subject}</dt><dd class="clamp" dir="auto">{row.subject}</dd></div>}
        {facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd class="figures">{value}</dd></div>)}
        {(may || row.tags.length > 0) && <div><dt>{t.tags.label}</dt><dd><Tags id={row.id} tags={row.tags} may={may} /></dd></div>}
      </dl>
    </Section>
  );
}

function Inside({ row, card, page }: { row: Row; card: Card; page: Page }) {
  const rights = useStore((state) => state.me?.rights ?? []);
  const name = nameOf({ number: row.number, contact: card });
  const write = rights.includes("reply");
  const change = write && row.state !== "joined";
  const merge = rights.includes("merge");
  // One open conversation at a time: where there is one, it goes on in that.
  const idle = [row, ...card.conversations].every((one) => one.state !== "open" && one.state !== "snoozed");
  return (
    <div class="card-inside">
      <div class="card-who">
        <Avatar name={card.name} seed={card.id} size={40} />
        <Name contact={card.id} name={card.name} shown={name} />
        {card.blocked && <Blocked unblock={rights.includes("block") ? () => void unblock(card, name) : null} />}
        <About card={card} />
        {write && idle && !card.blocked && <Button icon="plus" class="card-begin" onClick={() => openDialog({ kind: "begin", contact: { id: card.id, name } })}>{t.begin.open}</Button>}
      </div>
      <MaybeSame id={row.id} maybe={card.maybe} may={merge} />
      <Identities card={card} />
      {card.page && <PageNow page={card.page} />}
      <Ticket row={row} may={change} />
      <Links id={row.id} links={page.links} may={change} />
      <Joined joined={page.joined} may={write} />
      <Attributes values={card.attributes} />
      <Earlier rows={card.conversations} />
      <Merges id={row.id} card={card} may={merge} />
    </div>
  );
}

export function ContactCard() {
  const page = useStore((state) => (state.open ? state.pages[state.open] ?? emptyPage : null));
  const row = useStore((state) => (state.open ? state.rows[state.open] : undefined));
  if (page?.status === "error") return null;
  return (
    <aside class="card" aria-label={t.card.label}>
      <header class="card-head">
        <Button kind="quiet" icon="back" label={t.conversation.back} onClick={() => go({ card: false })} />
        <span class="card-title">{t.card.label}</span>
      </header>
      {page?.card && row ? <Inside card={page.card} row={row} page={page} /> : <Skeleton label={t.conversation.loading} rows={6} shape="line" />}
    </aside>
  );
}

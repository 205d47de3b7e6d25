// The contact: who this is as far as we know, and how we know it.
import type { Card, Row } from "../api/types";
import { nameOf, t } from "../i18n";
import { now } from "../api/http";
import { momentOf, shortOf } from "../pure/time";
import { safeUrl } from "../pure/linkify";
import { openDialog, undoMerge } from "../store/acts";
import { go } from "../store/route";
import { useStore } from "../store/store";
import { Avatar, Button, Skeleton } from "../ui/parts";
import { Earlier } from "./earlier";
import { Identities } from "./identities";
import { Name } from "./name";
import { Section } from "./section";

function localTime(zone: string): string | null {
  try {
    return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(now() / 1000);
  } catch {
    return null; // A zone this browser does not know.
  }
}

function languageOf(locale: string): string {
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(locale) ?? locale;
  } catch {
    return locale;
  }
}

function About({ card }: { card: Card }) {
  const time = card.time_zone ? localTime(card.time_zone) : null;
  if (!time && !card.locale && !card.blocked) return null;
  return (
    <p class="card-about">
      {card.blocked && <span class="tag bad">{t.card.blocked}</span>}
      {card.locale && <span>{languageOf(card.locale)}</span>}
      {time && <span class="figures" title={card.time_zone ?? undefined}>{t.card.local} {time}</span>}
    </p>
  );
}

function PageNow({ page }: { page: NonNullable<Card["page"]> }) {
  const href = safeUrl(page.url);
  const title = page.title.trim() || t.card.noPage;
  return (
    <Section title={t.card.page}>
      <p class="card-page">
        <bdi>{title}</bdi>
        {href ? <a href={href} target="_blank" rel="noopener noreferrer nofollow"><bdi>{page.url}</bdi></a> : <bdi>{page.url}</bdi>}
      </p>
    </Section>
  );
}

function Ticket({ row }: { row: Row }) {
  const moment = (at: number) => momentOf(at, now());
  const facts: [string, string][] = [[t.card.number, `#${row.number}`], [t.card.opened, moment(row.created_at)]];
  if (row.subject) facts.push([t.card.subject, row.subject]);
  if (row.due_at !== null) facts.push([t.card.due, moment(row.due_at)]);
  return (
    <Section title={t.card.ticket}>
      <dl class="facts">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd class="figures" dir="auto">{value}</dd></div>)}</dl>
    </Section>
  );
}

function Attributes({ values }: { values: Record<string, unknown> }) {
  const facts = Object.entries(values).filter(([, value]) => value !== null && value !== "");
  if (!facts.length) return null;
  const text = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
  return (
    <Section title={t.card.attributes}>
      <dl class="facts">{facts.map(([name, value]) => <div key={name}><dt><bdi>{name}</bdi></dt><dd dir="auto">{text(value)}</dd></div>)}</dl>
    </Section>
  );
}

function Merges({ id, card, joined }: { id: string; card: Card; joined: number }) {
  const merges = card.merges.filter((one) => !one.undone);
  const viewer = useStore((state) => state.me?.role === "viewer");
  return (
    <Section title={t.card.merges}>
      {joined > 0 && <p class="card-line">{t.card.joined(joined)}</p>}
      {merges.map((one) => (
        <p key={one.id} class="card-line merged">
          <span><bdi>{one.gone_name || "–"}</bdi> <span class="faint figures">{shortOf(one.at, now())}</span></span>
          {!viewer && <button type="button" class="link" onClick={() => void undoMerge(id, one.id)}>{t.merge.undo}</button>}
        </p>
      ))}
      {!viewer && <button type="button" class="link" onClick={() => openDialog({ kind: "merge", conversation: id })}>{t.merge.open}</button>}
    </Section>
  );
}

function Inside({ id, card, row, joined }: { id: string; card: Card; row: Row; joined: number }) {
  const name = nameOf({ number: row.number, contact: card });
  return (
    <div class="card-inside">
      <div class="card-who">
        <Avatar name={card.name} seed={card.id} size={40} />
        <Name contact={card.id} name={card.name} shown={name} />
        <About card={card} />
      </div>
      <Identities card={card} />
      {card.page && <PageNow page={card.page} />}
      <Ticket row={row} />
      <Attributes values={card.attributes} />
      <Earlier rows={card.conversations} />
      <Merges id={id} card={card} joined={joined} />
    </div>
  );
}

export function ContactCard() {
  const id = useStore((state) => state.open);
  const card = useStore((state) => (state.open ? state.pages[state.open]?.card ?? null : null));
  const joined = useStore((state) => (state.open ? state.pages[state.open]?.joined.length ?? 0 : 0));
  const row = useStore((state) => (state.open ? state.rows[state.open] : undefined));
  const failed = useStore((state) => (state.open ? state.pages[state.open]?.status === "error" : false));
  if (failed) return null;
  return (
    <aside class="card" aria-label={t.card.label}>
      <header class="card-head">
        <Button kind="quiet" icon="back" label={t.conversation.back} onClick={() => go({ card: false })} />
        <span class="card-title">{t.card.label}</span>
      </header>
      {id && card && row ? <Inside id={id} card={card} row={row} joined={joined} /> : <Skeleton label={t.conversation.loading} rows={6} shape="line" />}
    </aside>
  );
}


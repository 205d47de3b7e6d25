// An event of the timeline as one line of text, whatever its payload holds or lacks.
import type { EventEntry, Id, Named } from "../api/types";
import { momentOf } from "../pure/time";
import { now } from "../api/http";
import { partyName, t } from "./index";

export interface Told {
  actor: string;
  after: string;
  /** In somebody's own words: shown apart from ours. */
  reason: string;
  /** The conversation the line speaks of, to go there. */
  to: Id | null;
}

type Payload = EventEntry["payload"];

const word = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value) : "");
const bare = (value: unknown) => word(value).replace(/^[a-z]+:/, "");

function named(value: unknown): string {
  return value && typeof value === "object" && "name" in value ? String((value as Named).name) : "";
}

function numberOf(payload: Payload): string {
  const { other, conversation } = payload as { other?: { number?: number }; conversation?: { number?: number } };
  return word(payload.number) || word(other?.number) || word(conversation?.number);
}

function idOf(payload: Payload): Id | null {
  const values = [payload.into, payload.other, payload.conversation, payload.to, payload.from];
  for (const value of values) {
    if (typeof value === "string") return value;
    if (value && typeof value === "object" && "number" in value && "id" in value) return String((value as { id: unknown }).id);
  }
  return null;
}

function tagsOf(payload: Payload): string {
  const { tag, tags } = payload as { tag?: unknown; tags?: unknown };
  const all = Array.isArray(tags) ? tags.map(word) : [word(tag)];
  return all.filter(Boolean).map((one) => `“${one}”`).join(", ");
}

/** What the events need to know besides themselves. */
export interface Known {
  categories: readonly Named[];
}

type Line = (payload: Payload, known: Known) => string;

const hash = (payload: Payload, otherwise: string) => (numberOf(payload) ? `#${numberOf(payload)}` : otherwise);

function linkLine(payload: Payload): string {
  const other = hash(payload, "another conversation");
  if (payload.direction === "from") {
    if (payload.kind === "duplicate_of") return ` linked ${other} as a duplicate of this`;
    if (payload.kind === "blocked_by") return ` linked ${other}, which waits for this`;
  }
  switch (payload.kind) {
    case "related": return ` linked this to ${other}`;
    case "duplicate_of": return ` linked this as a duplicate of ${other}`;
    case "blocked_by": return ` linked this as blocked by ${other}`;
    default: return numberOf(payload) ? ` linked this to ${other}` : " linked this to an earlier conversation";
  }
}

const categoryLine: Line = (payload, { categories }) => {
  if (!payload.category) return " took the category away";
  return ` set the category to ${categories.find((one) => one.id === payload.category)?.name ?? (named(payload.category) || word(payload.category))}`;
};

const resolvedLine: Line = (payload, { categories }) => {
  const name = categories.find((one) => one.id === payload.category)?.name ?? word(payload.category);
  return name ? ` resolved this as ${name}` : " resolved this";
};

const moment = (value: unknown) => (typeof value === "number" && value > 0 ? momentOf(value, now()) : "");

const messages = (count: unknown) => (count === 1 ? "a message" : typeof count === "number" ? `${count} messages` : "messages");

const lines: Record<string, Line> = {
  assigned: (p) => (named(p.to) ? ` gave this to ${named(p.to)}` : " assigned this"),
  released: (p) => (named(p.from) ? ` released this from ${named(p.from)}` : " put this back into the queue"),
  handed_over: (p) => (named(p.to) ? ` handed this over to ${named(p.to)}` : " put this back into the queue"),
  taken: (p) => (p.override === true ? " took this beyond the usual load" : " took this"),
  override: () => " took this beyond the usual load",
  resolved: resolvedLine,
  reopened: () => " reopened this",
  snoozed: (p) => (moment(p.until) ? ` snoozed this until ${moment(p.until)}` : " snoozed this"),
  woken: () => " woke this up",
  merged: (p) => (word(p.gone) ? ` merged ${word(p.gone)} into this contact` : " merged two contacts"),
  unmerged: () => " undid a merge of contacts",
  joined: (p) => (p.into ? ` merged this into ${hash(p, "another conversation")}` : ` merged ${hash(p, "another conversation")} into this`),
  parted: (p) => (p.from ? ` took this out of ${hash(p, "another conversation")} again` : ` took ${hash(p, "a conversation")} out of this again`),
  split: (p) => (p.from ? ` began this with messages of ${hash(p, "another conversation")}` : ` moved ${messages(p.messages)} to ${hash(p, "a new conversation")}`),
  solved: () => " said it is solved",
  not_solved: () => " said it is not solved",
  linked: linkLine,
  unlinked: (p) => ` removed the link to ${hash(p, "another conversation")}`,
  file_failed: (p) => (word(p.name) ? ` could not fetch the file ${word(p.name)}` : " could not fetch a file"),
  offered: (p) => (named(p.to) ? ` offered this to ${named(p.to)}` : " offered this"),
  declined: () => " declined the offer",
  claimed: (p) => ` says they are ${bare(p.address)}`,
  opened: () => " opened this by hand",
  not_delivered: (p) => ` could not deliver to ${bare(p.address) || "the customer"}`,
  tagged: (p) => ` added the tag ${tagsOf(p)}`.trimEnd(),
  untagged: (p) => ` removed the tag ${tagsOf(p)}`.trimEnd(),
  prioritised: (p) => ` set the priority to ${(t.head.priorities[Number(p.priority)] ?? word(p.priority)).toLowerCase()}`,
  categorised: categoryLine,
  renamed: (p) => (word(p.subject) ? ` changed the subject to “${word(p.subject)}”` : " took the subject away"),
  due_set: (p) => (moment(p.due_at) ? ` set this due ${moment(p.due_at)}` : " took the due date away"),
  spam: (p) => (p.block === true || p.blocked === true ? " marked this as spam and blocked the contact" : " marked this as spam"),
  not_spam: () => " said this is not spam",
  blocked: () => " blocked the contact",
  unblocked: () => " unblocked the contact",
  asked_person: () => " wants to talk to a person",
  rated: (p) => ` rated the conversation ${word(p.score) || word(p.rating)} of 5`,
  identified: (p) => (bare(p.address) ? ` proved to be ${bare(p.address)}` : " signed in on the website"),
};

const own = new Set(["rated"]);
/** Reasons that say what the line says already. */
const said = /^(Taken by hand\.|Handed over (by|to) .*|Put back into the queue\.|Opened by hand\.)$/u;
/** What the customer does even when it is the gateway that sees it. */
const theirs = new Set(["identified"]);
const leads = new Set(["linked", "unlinked", "joined", "split", "parted"]);

/** "<actor><after>", and the reason when there is one. A name this version does not know is shown as it is. */
export function tell(event: EventEntry, known: Known = { categories: [] }): Told {
  const { payload } = event;
  const quiet = event.name === "declined" && event.actor.kind === "system";
  const from = named(payload.from);
  const nameless = (event.actor.kind === "customer" && !event.actor.name.trim()) || (event.actor.kind === "system" && theirs.has(event.name));
  const actor = quiet && from ? from : nameless ? t.customer : partyName(event.actor);
  const line = Object.hasOwn(lines, event.name) ? lines[event.name]?.(payload, known) : undefined;
  const after = quiet ? " did not answer the offer" : line ?? ` · ${event.name.replaceAll("_", " ")}`;
  const why = own.has(event.name) ? word(payload.comment) || word(payload.reason) : word(payload.reason);
  const reason = said.test(why) ? "" : why;
  return { actor, after, reason, to: leads.has(event.name) ? idOf(payload) : null };
}

// A conversation's timeline as data: merged by id, in order of time, with the gaps noticed.
import type { Delivery, Entry, Id, MessageEntry } from "../api/types";

const seqOf = (entry: Entry) => (entry.kind === "message" ? entry.seq : Infinity);

/** By time, then by sequence; an event of the same moment follows the message that caused it. */
export function byTime(a: Entry, b: Entry): number {
  if (a.at !== b.at) return a.at - b.at;
  const first = seqOf(a);
  const second = seqOf(b);
  if (first !== second) return first < second ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

const rank: Record<Delivery["state"], number> = { queued: 0, sending: 1, retry: 1, unknown: 2, failed: 2, sent: 3, delivered: 4, read: 5 };

/** The later of two delivery states: one that arrives late and ranks lower changes nothing. */
export function laterDelivery(have: Delivery | null, next: Delivery | null): Delivery | null {
  if (!have || !next) return next ?? have;
  if (rank[have.state] >= 3 || rank[next.state] >= 3) return rank[next.state] >= rank[have.state] ? next : have;
  return next.at >= have.at ? next : have;
}

function renewed(have: Entry, next: Entry): Entry {
  if (have.kind !== "message" || next.kind !== "message") return next;
  const revisions = next.revisions.length >= have.revisions.length ? next.revisions : have.revisions;
  return { ...next, revisions, delivery: laterDelivery(have.delivery, next.delivery) };
}

/** Both lists as one, each entry once, ordered. */
export function merged(have: readonly Entry[], incoming: readonly Entry[]): Entry[] {
  const byId = new Map<Id, Entry>(have.map((entry) => [entry.id, entry]));
  for (const entry of incoming) {
    const known = byId.get(entry.id);
    byId.set(entry.id, known ? renewed(known, entry) : entry);
  }
  return [...byId.values()].sort(byTime);
}

function own(entries: readonly Entry[], conversation: Id): MessageEntry[] {
  return entries.filter((entry): entry is MessageEntry => entry.kind === "message" && entry.conversation_id === conversation);
}

/** The highest sequence of the conversation itself (what was joined into it counts for itself). */
export function lastSeq(entries: readonly Entry[], conversation: Id): number {
  return own(entries, conversation).reduce((most, entry) => Math.max(most, entry.seq), 0);
}

/** The lowest sequence loaded, to ask for what came before; null when there is nothing to go by. */
export function firstSeq(entries: readonly Entry[], conversation: Id): number | null {
  const seqs = own(entries, conversation).map((entry) => entry.seq);
  return seqs.length ? Math.min(...seqs) : null;
}

/** True when the hint follows what we have, so that it may be applied without asking. */
export function follows(entries: readonly Entry[], conversation: Id, next: Entry): boolean {
  if (next.kind === "event" || next.conversation_id !== conversation) return true;
  return next.seq <= lastSeq(entries, conversation) + 1;
}

/**
 * The timeline after the newest page was fetched again. When more was missed than the page holds, the older part is
 * dropped rather than shown with a hole; paging back brings it again. So is all of it when other conversations are
 * joined into this one than before: what left must not stay, and what came may be older than the page.
 */
export function resynced(have: readonly Entry[], newest: readonly Entry[], conversation: Id, rejoined = false): { entries: Entry[]; whole: boolean } {
  const oldest = firstSeq(newest, conversation);
  if (rejoined || (oldest !== null && oldest > lastSeq(have, conversation) + 1)) return { entries: merged([], newest), whole: false };
  return { entries: merged(have, newest), whole: true };
}

/** The same list with one message's delivery moved on. */
export function delivered(entries: readonly Entry[], message: Id, delivery: Delivery): Entry[] {
  return entries.map((entry) =>
    entry.kind === "message" && entry.id === message ? { ...entry, delivery: laterDelivery(entry.delivery, delivery) } : entry,
  );
}

export interface Line {
  entry: Entry;
  /** A new day begins here. */
  day: boolean;
  /** Same person, same side, same channel within five minutes: no second heading. */
  grouped: boolean;
  /** The last of its group: the place for the delivery state. */
  last: boolean;
  /** The subject this message is the first to carry; null where it goes on as before. */
  subject: string | null;
}

const GROUP = 300_000_000;

function together(a: Entry | undefined, b: Entry): boolean {
  return (
    a?.kind === "message" && b.kind === "message" && a.direction === b.direction && a.author.id === b.author.id &&
    a.author.name === b.author.name && a.channel === b.channel && b.at - a.at < GROUP
  );
}

/** A subject without its "Re:" and the like. */
const normal = (subject: string) => subject.replace(/^(\s*(re|aw|sv|vs|fwd?|wg|tr)\s*:)+\s*/i, "").trim().toLowerCase();

/** What to draw: entries with day lines and groups. `dayOf` names the local day of a moment. */
export function lines(entries: readonly Entry[], dayOf: (at: number) => string): Line[] {
  const days = entries.map((entry) => dayOf(entry.at));
  let thread = "";
  return entries.map((entry, index) => {
    const day = index === 0 || days[index - 1] !== days[index];
    const after = entries[index + 1];
    const subject = entry.kind === "message" && entry.subject && normal(entry.subject) !== thread ? entry.subject : null;
    if (subject) thread = normal(subject);
    return { entry, day, grouped: !day && !subject && together(entries[index - 1], entry), last: days[index + 1] !== days[index] || !after || !together(entry, after), subject };
  });
}

const routine = new Set(["assigned", "released", "offered", "declined"]);
const SHORT = 3;

/** Runs of the router's own steps: by the id of the last, which stays, those before it, which may be folded away. */
export function runs(entries: readonly Entry[]): Map<Id, Id[]> {
  const found = new Map<Id, Id[]>();
  let run: Id[] = [];
  const end = () => {
    if (run.length > SHORT) found.set(run[run.length - 1] as Id, run.slice(0, -1));
    run = [];
  };
  for (const entry of entries) {
    if (entry.kind === "event" && entry.actor.kind === "system" && routine.has(entry.name)) run.push(entry.id);
    else end();
  }
  end();
  return found;
}

/**
 * The id of the first entry that is new to somebody who had read up to `seen`: a message of anybody else. Null when there
 * is none, and for somebody who never looked, to whom everything is new.
 */
export function firstNew(entries: readonly Entry[], conversation: Id, seen: number | null, me: Id): Id | null {
  if (!seen) return null;
  const found = entries.find((entry) => entry.kind === "message" && entry.conversation_id === conversation && entry.seq > seen && entry.author.id !== me);
  return found?.id ?? null;
}

// The opened conversation: its timeline, its contact, who else looks at it, and what the caller has read.
import { getConversation, listEntries, markSeen } from "../api/calls";
import { Problem } from "../api/http";
import type { Card, ConversationView, Delivery, Entry, Id, Numbered } from "../api/types";
import { delivered, firstSeq, follows, lastSeq, merged, resynced } from "../pure/entries";
import { applyRows } from "./list";
import { settle } from "./outbox";
import { get, set } from "./store";
import { emptyPage, type Page } from "./state";

const LIMIT = 100;
const KEPT = 12;

export function patch(id: Id, change: Partial<Page>): void {
  const { pages } = get();
  set({ pages: { ...pages, [id]: { ...(pages[id] ?? emptyPage), ...change } } });
}

/** Forget the conversations opened longest ago. */
function trim(open: Id): void {
  const { pages } = get();
  const others = Object.keys(pages).filter((id) => id !== open);
  if (others.length < KEPT) return;
  const kept = new Set(others.slice(-KEPT + 1));
  set({ pages: Object.fromEntries(Object.entries(pages).filter(([id]) => id === open || kept.has(id))) });
}

/** Show a conversation: at once what is known of it, then what is true. */
export async function openConversation(id: Id): Promise<void> {
  trim(id);
  if (get().pages[id]?.status !== "ready") patch(id, { ...emptyPage });
  try {
    await refetchOpen(id);
  } catch (reason) {
    const problem = reason instanceof Problem ? reason : new Problem("invalid", 0, String(reason));
    if (get().pages[id]?.status !== "ready") patch(id, { status: "error", problem });
  }
}

/** Whether other conversations are joined into this one than the page knows. */
const rejoined = (page: Page, view: ConversationView) => idsOf(page.joined) !== idsOf(view.joined);
const idsOf = (joined: readonly Numbered[]) => joined.map((one) => one.id).sort().join();

/** Conversation, contact and the newest page of entries, fetched again; `anew` when what is loaded may have moved elsewhere. */
export async function refetchOpen(id: Id, anew = false): Promise<void> {
  const [view, newest] = await Promise.all([getConversation(id), listEntries(id, { limit: LIMIT })]);
  applyRows([view.conversation]);
  const before = get().pages[id] ?? emptyPage;
  const { entries, whole } = resynced(before.entries, newest.entries, id, anew || rejoined(before, view));
  settle(newest.entries);
  const first = before.status !== "ready" || !whole;
  patch(id, {
    status: "ready", problem: null, card: view.contact, joined: view.joined, joinedTo: view.joined_to ?? null, links: view.links ?? [], entries,
    older: first ? olderThan(newest.entries, id) : before.older,
  });
}

/** Whether something came before this page. Its length says nothing: events and joined messages come on top of the limit. */
function olderThan(page: readonly Entry[], id: Id): Page["older"] {
  const first = firstSeq(page, id);
  return first === null || first <= 1 ? "none" : "more";
}

/** Earlier entries, put before the loaded ones. */
export async function loadOlder(id: Id): Promise<void> {
  const page = get().pages[id];
  if (!page || page.status !== "ready" || page.older !== "more") return;
  const before = firstSeq(page.entries, id);
  if (before === null || before <= 1) return patch(id, { older: "none" });
  patch(id, { older: "loading" });
  try {
    const answer = await listEntries(id, { before, limit: LIMIT });
    const entries = merged(get().pages[id]?.entries ?? [], answer.entries);
    patch(id, { entries, older: olderThan(answer.entries, id) });
  } catch {
    // Shown as "more" again: scrolling up asks again.
    setTimeout(() => patch(id, { older: "more" }), 3000);
  }
}

/** An entry from the socket or from an answer: applied when it is the next one, fetched around otherwise. */
export function applyEntry(id: Id, entry: Entry): void {
  const page = get().pages[id];
  settle([entry]);
  if (!page || page.status !== "ready") return;
  // Messages went to another conversation, or came back: adding alone would show them twice or not at all.
  if (entry.kind === "event" && entry.name === "split") void refetchOpen(id, true).catch(() => undefined);
  if (follows(page.entries, id, entry)) return patch(id, { entries: merged(page.entries, [entry]) });
  fetchAfter(id).catch(() => undefined); // The next reconnect or poll fetches it.
}

/** What came after the last known sequence. */
export async function fetchAfter(id: Id): Promise<void> {
  for (;;) {
    const have = get().pages[id];
    if (!have || have.status !== "ready") return;
    const before = lastSeq(have.entries, id);
    const answer = await listEntries(id, { after: before, limit: LIMIT });
    settle(answer.entries);
    const entries = merged(get().pages[id]?.entries ?? [], answer.entries);
    patch(id, { entries });
    if (lastSeq(entries, id) >= answer.last_seq || lastSeq(entries, id) <= before) return;
  }
}

const pending = new Map<Id, ReturnType<typeof setTimeout>>();

/**
 * The row of the opened conversation changed: a moment later look whether its entries came too (the socket may have
 * begun to watch after they were sent), and fetch the contact again, who may have gone to another page.
 */
export function rowChanged(id: Id): void {
  if (id !== get().open || pending.has(id)) return;
  const later = async () => {
    pending.delete(id);
    const page = get().pages[id];
    if (get().open !== id || page?.status !== "ready") return;
    if ((get().rows[id]?.last_seq ?? 0) > lastSeq(page.entries, id)) await fetchAfter(id);
    const view = await getConversation(id);
    const known = get().pages[id];
    if (known && rejoined(known, view)) await refetchOpen(id);
    else if (known) patch(id, { card: view.contact, joined: view.joined, joinedTo: view.joined_to ?? null, links: view.links ?? [] });
  };
  // Whatever fails here is fetched by the next hint, poll or reconnect.
  pending.set(id, setTimeout(() => void later().catch(() => undefined), 800));
}

export function applyDelivery(id: Id, message: Id, delivery: Delivery): void {
  const page = get().pages[id];
  if (page) patch(id, { entries: delivered(page.entries, message, delivery) });
}

/** The caller has read to the end: tell the server once per message, and the list at once. */
export function readToEnd(id: Id): void {
  const { rows, pages } = get();
  const row = rows[id];
  const page = pages[id];
  if (!row || page?.status !== "ready") return;
  const seq = lastSeq(page.entries, id);
  if (seq <= (row.seen_seq ?? 0)) return;
  set({ rows: { ...rows, [id]: { ...row, seen_seq: seq } } });
  markSeen(id, seq).catch(() => {
    const again = get().rows[id];
    if (again?.seen_seq === seq) set({ rows: { ...get().rows, [id]: { ...again, seen_seq: row.seen_seq } } });
  });
}

/** A contact changed: the card of every page that shows it, and the name in every row. */
export function applyCard(card: Card): void {
  const { pages, rows } = get();
  for (const [id, page] of Object.entries(pages)) if (page.card?.id === card.id) patch(id, { card });
  const changed = Object.values(rows).filter((row) => row.contact.id === card.id && row.contact.name !== card.name);
  if (!changed.length) return;
  set({ rows: { ...rows, ...Object.fromEntries(changed.map((row) => [row.id, { ...row, contact: { id: card.id, name: card.name } }])) } });
}

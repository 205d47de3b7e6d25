/** The conversation as far as we know it: pure functions that put messages in order and notice what is missing. */
import type { Item, Thread } from "./types";

export interface Timeline {
  thread: Thread | null;
  /** Ascending `pub`. May hold messages ahead of `last` while the gap is being fetched. */
  items: Item[];
  /** Everything up to this `pub` is here. */
  last: number;
  /** Messages of the conversations before this one, kept while the page lives. */
  earlier: Item[];
}

export const EMPTY: Timeline = { thread: null, items: [], last: 0, earlier: [] };

/** True when `item` cannot belong to the conversation we hold: its number is taken by another message. */
export const isForeign = (line: Timeline, item: Item): boolean => line.items.some((held) => held.pub === item.pub && held.id !== item.id);

/**
 * The timeline with `items` in it; one that is already there is replaced, so applying twice changes nothing.
 * `fetched` ones are all there is up to the last of them: a visitor may come in at a later number, and an undone merge leaves holes.
 */
export function withItems(line: Timeline, items: Item[], fetched = false): Timeline {
  if (!items.length) return line;
  const byPub = new Map(line.items.map((item) => [item.pub, item]));
  for (const item of items) byPub.set(item.pub, item);
  const sorted = [...byPub.values()].sort((a, b) => a.pub - b.pub);
  const start = fetched ? Math.max(line.last, ...items.map((item) => item.pub)) : line.last;
  return { ...line, items: sorted, last: sorted.reduce((last, item) => (item.pub === last + 1 ? item.pub : last), start) };
}

/** The timeline with the newest thread state. Another thread id starts a new list, because `pub` begins at 1 again. */
export function withThread(line: Timeline, thread: Thread | null): Timeline {
  if (!thread) return line;
  if (!line.thread || line.thread.id === thread.id) return { ...line, thread };
  return { thread, items: [], last: 0, earlier: [...line.earlier, ...line.items] };
}

/** A receipt for one of the agents' messages. */
export function withReceipt(line: Timeline, pub: number, state: Item["state"]): Timeline {
  return { ...line, items: line.items.map((item) => (item.pub === pub && !item.mine ? { ...item, state } : item)) };
}

/** How many of the others' messages lie after what was seen here or reported as read before. */
export function unread(line: Timeline, seen: number): number {
  const read = line.items.reduce((last, item) => (item.state === "read" ? Math.max(last, item.pub) : last), seen);
  return line.items.filter((item) => !item.mine && item.pub > read).length;
}

/** The newest message somebody else wrote, 0 when there is none. */
export const lastOfOthers = (line: Timeline): number => line.items.reduce((last, item) => (item.mine ? last : item.pub), 0);

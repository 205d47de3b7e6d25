// The inbox list as data: rows by id, which of them a view shows, and in what order.
import type { Id, Row, StateFilter, View } from "../api/types";

export type Rows = Readonly<Record<Id, Row>>;

/** True when `next` is not older than what we have: a hint that was overtaken must not turn the clock back. */
export function isCurrent(have: Row | undefined, next: Row): boolean {
  return !have || (next.version >= have.version && next.last_seq >= have.last_seq);
}

/** A row with the caller's read mark kept: hints carry none, and a mark never moves back. */
export function withMark(have: Row | undefined, next: Row): Row {
  const marks = [have?.seen_seq, next.seen_seq].filter((mark): mark is number => typeof mark === "number");
  return { ...next, seen_seq: marks.length ? Math.max(...marks) : null };
}

/** `rows` with `incoming` folded in; the same object when nothing is new. */
export function upsert(rows: Rows, incoming: readonly Row[]): Rows {
  let out: Record<Id, Row> | null = null;
  for (const row of incoming) {
    const have = (out ?? rows)[row.id];
    if (!isCurrent(have, row)) continue;
    out ??= { ...rows };
    out[row.id] = withMark(have, row);
  }
  return out ?? rows;
}

/** Whether the view shows this row. A search is the server's to answer: null. */
export function belongs(row: Row, view: View, state: StateFilter, q: string, me: Id): boolean | null {
  if (q) return null;
  if (state === "any" ? row.state === "joined" : row.state !== state) return false;
  if (view === "mine") return row.assignee?.id === me;
  return view === "all" || row.assignee === null;
}

/** Below zero when `a` stands above `b`: waiting longest first among the unassigned, latest first elsewhere. */
export function inOrder(view: View, a: Row, b: Row): number {
  if (view === "unassigned") {
    const difference = (a.waiting_since ?? Infinity) - (b.waiting_since ?? Infinity);
    if (difference && !Number.isNaN(difference)) return difference;
    return a.id < b.id ? -1 : 1;
  }
  return b.last_at - a.last_at || (a.id < b.id ? 1 : -1);
}

export interface Shown {
  view: View;
  state: StateFilter;
  q: string;
  ids: readonly Id[];
  cursor: string | null;
}

/**
 * The list after one row changed. A row that belongs is put in its place unless that place is past the loaded end
 * (paging will bring it); a row that no longer belongs leaves.
 */
export function placed(shown: Shown, rows: Rows, row: Row, me: Id): readonly Id[] {
  const fits = belongs(row, shown.view, shown.state, shown.q, me);
  const listed = shown.ids.includes(row.id);
  if (fits === null) return shown.ids;
  if (!fits) return listed ? shown.ids.filter((id) => id !== row.id) : shown.ids;
  const others = listed ? shown.ids.filter((id) => id !== row.id) : shown.ids;
  let place = others.findIndex((id) => inOrder(shown.view, row, rows[id] as Row) < 0);
  if (place < 0) {
    if (shown.cursor !== null && !listed) return shown.ids;
    place = others.length;
  }
  if (listed && shown.ids[place] === row.id) return shown.ids;
  return [...others.slice(0, place), row.id, ...others.slice(place)];
}

/** A customer wrote and the caller has not looked. */
export function isUnread(row: Row): boolean {
  return row.preview_author === "customer" && row.last_seq > (row.seen_seq ?? 0);
}

/** Append a page without listing anything twice. */
export function extended(ids: readonly Id[], page: readonly Row[]): Id[] {
  const known = new Set(ids);
  return [...ids, ...page.map((row) => row.id).filter((id) => !known.has(id))];
}

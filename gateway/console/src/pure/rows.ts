// The inbox list as data: rows by id, which of them a list shows, and in what order.
import type { Id, Row, Sort } from "../api/types";
import { asked, sortOf, type Filters, type Shelf } from "./listing";

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

export interface Shown {
  shelf: Shelf;
  filters: Filters;
  ids: readonly Id[];
  cursor: string | null;
}

/** An id, `none`, or (for owners) `me`, against what the row has. */
function names(wanted: string | undefined, have: Id | null | undefined, me: Id): boolean {
  if (wanted === undefined) return true;
  if (wanted === "none") return have === null || have === undefined;
  return (wanted === "me" ? me : wanted) === have;
}

/**
 * Whether the list shows this row. Words are the server's to find: with a search, a row that fits all else may still
 * not hold them, which is null.
 */
export function belongs(row: Row, shelf: Shelf, filters: Filters, me: Id): boolean | null {
  const wanted = asked(shelf, filters);
  if (row.state === "joined" || row.spam !== (wanted.state === "spam")) return false;
  if (wanted.state !== "any" && wanted.state !== "spam" && row.state !== wanted.state) return false;
  if (wanted.view === "mine" && row.assignee?.id !== me) return false;
  if (wanted.view === "unassigned" && row.assignee !== null) return false;
  if (wanted.view === "waiting" && row.waiting_since === null) return false;
  if (wanted.view === "due" && row.due_at === null) return false;
  if (!names(wanted.team, row.team?.id, me) || !names(wanted.category, row.category, me) || !names(wanted.owner, row.assignee?.id, me)) return false;
  if (wanted.priority !== undefined && row.priority !== Number(wanted.priority)) return false;
  if (wanted.channel !== undefined && row.channel !== wanted.channel) return false;
  if (wanted.tag !== undefined && !row.tags.includes(wanted.tag)) return false;
  return wanted.q ? null : true;
}

const byId = (a: Row, b: Row) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
const orLast = (value: number | null) => value ?? Number.MAX_SAFE_INTEGER;
const byWait = (a: Row, b: Row) => orLast(a.waiting_since) - orLast(b.waiting_since);
const byDue = (a: Row, b: Row) => orLast(a.due_at) - orLast(b.due_at);

const orders: Record<Sort, (a: Row, b: Row) => number> = {
  newest: (a, b) => b.last_at - a.last_at || byId(b, a),
  oldest: (a, b) => a.last_at - b.last_at || byId(a, b),
  waiting: (a, b) => byWait(a, b) || byId(a, b),
  due: (a, b) => byDue(a, b) || byId(a, b),
  priority: (a, b) => a.priority - b.priority || byDue(a, b) || byWait(a, b) || byId(a, b),
};

/** Below zero when `a` stands above `b`. */
export const inOrder = (sort: Sort, a: Row, b: Row): number => orders[sort](a, b);

/**
 * The list after one row changed. A row that belongs is put in its place unless that place is past the loaded end
 * (paging will bring it); a row that no longer belongs leaves, unless it is the one being read (`open`).
 */
export function placed(shown: Shown, rows: Rows, row: Row, me: Id, open: Id | null = null): readonly Id[] {
  const fits = belongs(row, shown.shelf, shown.filters, me);
  const at = shown.ids.indexOf(row.id);
  if (fits === null || (!fits && at < 0)) return shown.ids;
  if (!fits) return row.id === open ? shown.ids : shown.ids.filter((id) => id !== row.id);
  const sort = (shown.filters.sort as Sort | undefined) ?? sortOf(shown.shelf);
  const others = at >= 0 ? shown.ids.filter((id) => id !== row.id) : shown.ids;
  let place = others.findIndex((id) => inOrder(sort, row, rows[id] as Row) < 0);
  if (place < 0) {
    if (shown.cursor !== null && at < 0) return shown.ids;
    place = others.length;
  }
  if (place === at) return shown.ids;
  return [...others.slice(0, place), row.id, ...others.slice(place)];
}

/** `after` with the row that is being read kept where it stood in `before`: it must not vanish under the eye. */
export function keeping(before: readonly Id[], after: readonly Id[], open: Id | null): readonly Id[] {
  if (open === null || after.includes(open)) return after;
  const at = before.indexOf(open);
  if (at < 0) return after;
  const above = before.slice(0, at).reverse().find((id) => after.includes(id));
  const place = above === undefined ? 0 : after.indexOf(above) + 1;
  return [...after.slice(0, place), open, ...after.slice(place)];
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

/** Everything from `from` to `to` in the order of the list, both included. */
export function between(ids: readonly Id[], from: Id | null, to: Id): Id[] {
  const b = ids.indexOf(to);
  const a = from === null ? b : ids.indexOf(from);
  if (a < 0 || b < 0) return [to];
  return ids.slice(Math.min(a, b), Math.max(a, b) + 1);
}

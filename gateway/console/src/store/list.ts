// The inbox list: loading, paging, refetching without a jump, and folding hints in.
import { getCounts, getMe, listConversations } from "../api/calls";
import { now, Problem } from "../api/http";
import type { Id, Row } from "../api/types";
import { asked, type Filters, type Shelf } from "../pure/listing";
import { belongs, extended, keeping, placed, upsert } from "../pure/rows";
import { get, set } from "./store";
import { emptyList, type List } from "./state";

const PAGE = 50;
/** What the server finds for words comes in one page. */
const FOUND = 200;
const MOST_PAGES = 10;
let generation = 0;
let refetching: Promise<void> = Promise.resolve();
const touched = new Set<Id>();

const listing = (list: List) => asked(list.shelf, list.filters);
const pageOf = (list: List) => (list.filters.q ? FOUND : PAGE);

function asProblem(reason: unknown): Problem {
  return reason instanceof Problem ? reason : new Problem("invalid", 0, String(reason));
}

/** Rows that came while a request was under way win over its answer. */
function replaceTouched(ids: readonly Id[], list: List): readonly Id[] {
  const { rows, me, open } = get();
  let out = ids;
  for (const id of touched) {
    const row = rows[id];
    if (row && me) out = placed({ ...list, ids: out }, rows, row, me.id, open);
  }
  touched.clear();
  return out;
}

/** Show a shelf with filters. The list is emptied at once, so that nothing stands under a wrong heading. */
export async function show(shelf: Shelf, filters: Filters): Promise<void> {
  set({ list: { ...emptyList, shelf, filters }, selected: [], selecting: false });
  await load();
}

/** Load the first page of what is shown. */
export async function load(): Promise<void> {
  const mine = ++generation;
  touched.clear();
  set({ list: { ...get().list, status: "loading", problem: null } });
  try {
    const page = await listConversations(listing(get().list), null, pageOf(get().list));
    if (mine !== generation) return;
    set({ rows: upsert(get().rows, page.rows) });
    const list: List = { ...get().list, cursor: page.cursor, status: "ready", problem: null, paging: false };
    set({ list: { ...list, ids: replaceTouched(page.rows.map((row) => row.id), list) } });
  } catch (reason) {
    if (mine === generation) set({ list: { ...get().list, status: "error", problem: asProblem(reason) } });
  }
}

/** The next page, when there is one. */
export async function more(): Promise<void> {
  const { list } = get();
  if (list.status !== "ready" || list.paging || list.cursor === null) return;
  const mine = generation;
  set({ list: { ...list, paging: true } });
  try {
    const page = await listConversations(listing(list), list.cursor, PAGE);
    if (mine !== generation) return;
    set({ rows: upsert(get().rows, page.rows) });
    set({ list: { ...get().list, ids: extended(get().list.ids, page.rows), cursor: page.cursor, paging: false, problem: null } });
  } catch (reason) {
    if (mine === generation) set({ list: { ...get().list, paging: false, problem: asProblem(reason) } });
  }
}

/** Fetch again as much as is loaded. Throws what the network throws: the caller decides what that means. */
export function refetch(): Promise<void> {
  // One after the other, never shared: an answer that was asked for before the socket came back may miss what it missed.
  refetching = refetching.catch(() => undefined).then(again);
  return refetching;
}

async function again(): Promise<void> {
  touched.clear();
  const before = get().list;
  if (before.status !== "ready") return load();
  const mine = generation;
  const pages = Math.min(MOST_PAGES, Math.max(1, Math.ceil(before.ids.length / PAGE)));
  let ids: Id[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pages; page++) {
    const answer = await listConversations(listing(before), cursor, pageOf(before));
    if (mine !== generation) return;
    set({ rows: upsert(get().rows, answer.rows) });
    ids = extended(ids, answer.rows);
    cursor = answer.cursor;
    if (cursor === null) break;
  }
  const list = { ...get().list, cursor, problem: null };
  put({ ...list, ids: replaceTouched(keeping(before.ids, ids, get().open), list) });
}

/** The rows that badges and offers need, when the shown list does not hold them anyway. */
export async function refetchAside(): Promise<void> {
  for (const view of ["mine", "unassigned"] as const) {
    const { list } = get();
    if (list.shelf === view && !Object.keys(list.filters).length) continue;
    const page = await listConversations(asked(view, {}), null, PAGE);
    set({ rows: upsert(get().rows, page.rows) });
    if (view === "mine" && page.cursor === null) forgetLost(new Set(page.rows.map((row) => row.id)));
  }
}

/** Rows that were the caller's and are not any more, without a hint having said so. */
function forgetLost(mine: ReadonlySet<Id>): void {
  const { rows, me, open, list } = get();
  const listed = new Set(list.ids);
  const lost = (row: Row) => row.assignee?.id === me?.id && row.state === "open" && !mine.has(row.id);
  const kept = Object.entries(rows).filter(([id, row]) => !lost(row) || id === open || listed.has(id) || touched.has(id));
  if (kept.length !== Object.keys(rows).length) set({ rows: Object.fromEntries(kept) });
}

/** Fold changed rows in: the rows themselves, and their places in the list. */
export function applyRows(incoming: readonly Row[]): void {
  const before = get().rows;
  const rows = upsert(before, incoming);
  if (rows === before) return;
  const { me, open } = get();
  let { ids } = get().list;
  for (const row of incoming) {
    const current = rows[row.id];
    if (!current || !me) continue;
    touched.add(row.id);
    ids = placed({ ...get().list, ids }, rows, current, me.id, open);
  }
  set({ rows });
  put({ ...get().list, ids });
  soon();
}

/** Put the list, and untick what it no longer holds. */
function put(list: List): void {
  const { selected, list: before } = get();
  if (list.ids === before.ids && list.cursor === before.cursor && list.problem === before.problem) return;
  const here = new Set(selected.length ? list.ids : []);
  set({ list, selected: selected.every((id) => here.has(id)) ? selected : selected.filter((id) => here.has(id)) });
}

/** Let go of rows that stayed only because they were being read. */
export function sweep(): void {
  const { list, rows, me, open } = get();
  if (!me) return;
  const stays = (id: Id) => id === open || !rows[id] || belongs(rows[id], list.shelf, list.filters, me.id) !== false;
  if (!list.ids.every(stays)) put({ ...list, ids: list.ids.filter(stays) });
}

let timer: ReturnType<typeof setTimeout> | null = null;

/** Counts and the own load, a moment after something changed, however many changes there were. */
function soon(): void {
  timer ??= setTimeout(() => {
    timer = null;
    refetchFigures().catch(() => undefined); // The next change, poll or reconnect asks again.
  }, 700);
}

export async function refetchFigures(): Promise<void> {
  const [counts, me] = await Promise.all([getCounts(), getMe()]);
  if (get().session === "in") set({ counts, me });
}

/** Offers to the caller that are still open. */
export function offersTo(me: Id | undefined, rows: Readonly<Record<Id, Row>>): Row[] {
  return Object.values(rows).filter((row) => row.offer && row.offer.agent_id === me && row.offer.deadline > now());
}

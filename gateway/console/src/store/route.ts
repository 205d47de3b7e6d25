// The address bar is the truth about what is shown; this follows it and writes it.
import type { Id } from "../api/types";
import { cleaned, sameFilters, type FilterName } from "../pure/listing";
import { show, sweep } from "./list";
import { openConversation } from "./open";
import { hashOf, placeOf, type Place } from "./place";
import { get, set } from "./store";

/** Go somewhere; what is not named stays. Another shelf begins without filters, another conversation without the card. */
export function go(change: Partial<Place>, replace = false): void {
  const { list, open, card } = get();
  const next: Place = {
    shelf: list.shelf, filters: change.shelf === undefined ? list.filters : {}, open, card: change.open === undefined ? card : false, admin: null, ...change,
  };
  const hash = hashOf(next);
  if (hash === location.hash) return;
  if (replace) history.replaceState(null, "", hash);
  else history.pushState(null, "", hash);
  follow();
}

/** Set or (with null) remove filters of the shown list. */
export function narrow(change: Partial<Record<FilterName, string | null>>): void {
  const { list } = get();
  const merged = Object.fromEntries(Object.entries({ ...list.filters, ...change }).filter(([, value]) => value !== null)) as Record<string, string>;
  const filters = cleaned(list.shelf, merged);
  if (!sameFilters(filters, list.filters)) go({ filters });
}

/** Show what the address bar says. */
export function follow(): void {
  const place = placeOf(location.hash);
  const { list, open, session } = get();
  if (session !== "in") return;
  set({ card: place.card, admin: place.admin });
  if (!place.admin && (place.shelf !== list.shelf || !sameFilters(place.filters, list.filters))) void show(place.shelf, place.filters);
  if (place.open === open) return;
  set({ open: place.open });
  sweep();
  fetchOpened();
}

/** Whoever goes through the list faster than this does not read: what flies by is not fetched, and not marked as read. */
const FLYING = 150;
let openedAt = 0;
let landing: ReturnType<typeof setTimeout> | undefined;

function fetchOpened(): void {
  clearTimeout(landing);
  const { open } = get();
  const at = Date.now();
  const flies = at - openedAt < FLYING;
  openedAt = at;
  if (!open) return;
  if (flies) landing = setTimeout(() => void openConversation(open), FLYING);
  else void openConversation(open);
}

let last = -1;

/** The next or previous conversation of the list. When the opened one has left it, its place still counts. */
export function step(by: 1 | -1): void {
  const { list, open } = get();
  if (!list.ids.length) return;
  const at = open ? list.ids.indexOf(open) : -1;
  const wanted = at >= 0 ? at + by : last < 0 ? 0 : by > 0 ? last : last - 1;
  const id = list.ids[Math.max(0, Math.min(list.ids.length - 1, wanted))] as Id;
  go({ open: id }, open !== null);
  noteStep();
}

/** Remember where the opened row stands, for `step`. */
export function noteStep(): void {
  const { list, open } = get();
  const at = open ? list.ids.indexOf(open) : -1;
  if (at >= 0) last = at;
}

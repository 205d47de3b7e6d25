// The address bar is the truth about what is shown; this follows it and writes it.
import type { Id } from "../api/types";
import { show } from "./list";
import { openConversation } from "./open";
import { hashOf, placeOf, type Place } from "./place";
import { get, set } from "./store";

/** Go somewhere; what is not named stays. Going to another conversation leaves the card. */
export function go(change: Partial<Place>, replace = false): void {
  const { list, open, card } = get();
  const next = { view: list.view, open, card: change.open === undefined ? card : false, ...change };
  const hash = hashOf(next);
  if (hash === location.hash) return;
  if (replace) history.replaceState(null, "", hash);
  else history.pushState(null, "", hash);
  follow();
}

/** Show what the address bar says. */
export function follow(): void {
  const place = placeOf(location.hash);
  const { list, open, session } = get();
  if (session !== "in") return;
  set({ card: place.card });
  if (place.view !== list.view) void show({ view: place.view, q: "" });
  if (place.open !== open) {
    set({ open: place.open });
    if (place.open) void openConversation(place.open);
  }
}

let last = -1;

/** The next or previous conversation of the list. When the opened one has left it, its place still counts. */
export function step(by: 1 | -1): void {
  const { list, open } = get();
  if (!list.ids.length) return;
  const at = open ? list.ids.indexOf(open) : -1;
  const wanted = at >= 0 ? at + by : last < 0 ? 0 : by > 0 ? last : last - 1;
  const next = Math.max(0, Math.min(list.ids.length - 1, wanted));
  go({ open: list.ids[next] as Id }, open !== null);
  last = next;
}

/** Remember where the opened row stands, for `step`. */
export function noteStep(): void {
  const { list, open } = get();
  const at = open ? list.ids.indexOf(open) : -1;
  if (at >= 0) last = at;
}

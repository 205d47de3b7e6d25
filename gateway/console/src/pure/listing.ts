// What a place in the navigation and the filters above the list ask of the server, and how the address bar writes them.
import type { Listing } from "../api/calls";
import type { Id, Sort, StateFilter, View } from "../api/types";

/** A place in the first column: a view of the server, a view of one state, or a team's. */
export type Shelf = View | "snoozed" | "resolved" | "spam" | `team:${Id}`;

export const filterNames = ["state", "team", "tag", "category", "priority", "owner", "channel", "sort", "q"] as const;
export type FilterName = (typeof filterNames)[number];
/** Only what differs from what the shelf shows anyway. */
export type Filters = Readonly<Partial<Record<FilterName, string>>>;

const views: readonly string[] = ["mine", "unassigned", "waiting", "due", "all", "snoozed", "resolved", "spam"];
const sorts: readonly string[] = ["newest", "oldest", "waiting", "priority", "due"];
const states: readonly string[] = ["open", "snoozed", "resolved", "closed", "any", "spam"];

/** The shelf an address names; null for none. */
export function shelfOf(text: string): Shelf | null {
  if (views.includes(text)) return text as Shelf;
  return text.startsWith("team:") && text.length > 5 ? (text as Shelf) : null;
}

/** The team a shelf belongs to. */
export const teamOf = (shelf: Shelf): Id | null => (shelf.startsWith("team:") ? shelf.slice(5) : null);

/** The state a shelf shows when no filter says otherwise. */
export function stateOf(shelf: Shelf): StateFilter {
  return shelf === "snoozed" || shelf === "resolved" || shelf === "spam" ? shelf : "open";
}

/** The order of a shelf when no filter says otherwise: as the server has it. */
export function sortOf(shelf: Shelf): Sort {
  if (shelf === "unassigned" || shelf === "waiting") return "waiting";
  return shelf === "due" ? "due" : "newest";
}

/** The question to the server: the shelf's own, with the filters over it. */
export function asked(shelf: Shelf, filters: Filters): Listing {
  const team = teamOf(shelf);
  const own = shelf === "snoozed" || shelf === "resolved" || shelf === "spam" || team !== null;
  const { q, state, ...others } = filters;
  return {
    view: own ? "all" : (shelf as View),
    ...(team === null ? {} : { team }),
    ...(others as Partial<Listing>),
    state: (state as StateFilter | undefined) ?? stateOf(shelf),
    q: q ?? "",
  };
}

/** Only known names with a value that can mean something, and nothing that repeats the shelf. */
export function cleaned(shelf: Shelf, filters: Readonly<Record<string, string | undefined>>): Filters {
  const out: Partial<Record<FilterName, string>> = {};
  for (const name of filterNames) {
    const value = filters[name]?.trim();
    if (!value || (name === "state" && (!states.includes(value) || value === stateOf(shelf)))) continue;
    if ((name === "sort" && (!sorts.includes(value) || value === sortOf(shelf))) || (name === "priority" && !/^[123]$/.test(value))) continue;
    if (name === "team" && value === teamOf(shelf)) continue;
    out[name] = value;
  }
  return out;
}

/** Filters as the address bar has them: `tag=vip&priority=1`, always in the same order. */
export function queryOf(filters: Filters): string {
  const search = new URLSearchParams();
  for (const name of filterNames) {
    const value = filters[name];
    if (value) search.set(name, value);
  }
  return search.toString();
}

export const sameFilters = (a: Filters, b: Filters): boolean => queryOf(a) === queryOf(b);

/** Whether anything narrows the list (an order does not). */
export const isNarrowed = (filters: Filters): boolean => filterNames.some((name) => name !== "sort" && filters[name] !== undefined);

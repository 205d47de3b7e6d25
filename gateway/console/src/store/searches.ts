// Searches kept under a name: a shelf and its filters, for oneself or for everybody.
import { addSearch, listSearches, removeSearch } from "../api/calls";
import type { Search } from "../api/types";
import { t } from "../i18n";
import { asked, cleaned, shelfOf, type Filters, type Shelf } from "../pure/listing";
import { get, set } from "./store";
import { complain, toast } from "./toasts";

export interface Kept {
  shelf: Shelf;
  filters: Filters;
}

/** What a saved search shows. */
export function keptIn(search: Search): Kept {
  const { view, ...filters } = search.query;
  const shelf = shelfOf(view ?? "all") ?? "all";
  return { shelf, filters: cleaned(shelf, filters) };
}

/** How a shelf and its filters are kept: as the list itself is asked, so that whatever asks the same finds the same. */
export function queryFor({ shelf, filters }: Kept): Record<string, string> {
  const usual: Record<string, string> = { view: "all", state: "open", q: "" };
  return Object.fromEntries(Object.entries(asked(shelf, filters)).filter(([name, value]) => usual[name] !== value)) as Record<string, string>;
}

const sameQuery = (a: Record<string, string>, b: Record<string, string>): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([name, value]) => b[name] === value);

/** Whether it is what the list shows. */
export const isShown = (search: Search, shown: Kept): boolean => sameQuery(queryFor(keptIn(search)), queryFor(shown));

export async function loadSearches(): Promise<void> {
  set({ searches: await listSearches() });
}

/** Keep what is shown under a name. Throws Problem for the form to explain. */
export async function saveSearch(name: string, shared: boolean): Promise<void> {
  const { list } = get();
  const made = await addSearch({ name, query: queryFor(list), shared });
  set((have) => ({ searches: [...have.searches.filter((one) => one.id !== made.id), made] }));
  toast(t.saved.done(name), "good");
}

export async function dropSearch(search: Search): Promise<void> {
  try {
    await removeSearch(search.id);
  } catch (reason) {
    return complain(reason);
  }
  set((have) => ({ searches: have.searches.filter((one) => one.id !== search.id) }));
  toast(t.saved.removed(search.name));
}

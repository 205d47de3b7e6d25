// Which item of a page to run a desk is open, as the address bar says it: #/people/<id>, #/teams/new.
import type { AdminPage } from "./state";
import { useStore } from "./store";

function tail(): string | null {
  const text = location.hash.replace(/^#\/?/, "").split(/[/?]/)[1];
  try {
    return text ? decodeURIComponent(text) : null;
  } catch {
    return null; // Not written by us.
  }
}

export const hrefOf = (page: AdminPage, item: string | null = null) => `#/${page}${item === null ? "" : `/${encodeURIComponent(item)}`}`;

/** The item, kept current: whoever changes the address bar also changes the store. */
export const useTail = (): string | null => useStore(tail);

/** Open an item of a page, or none. The browser tells everybody who listens. */
export function openItem(page: AdminPage, item: string | null, replace = false): void {
  if (replace) location.replace(hrefOf(page, item));
  else location.hash = hrefOf(page, item);
}

// A place in the inbox as the address bar writes it: #/mine, #/all/<conversation>/card?tag=vip, #/people.
import type { Id } from "../api/types";
import { cleaned, queryOf, shelfOf, type Filters, type Shelf } from "../pure/listing";
import type { AdminPage } from "./state";

export interface Place {
  shelf: Shelf;
  filters: Filters;
  open: Id | null;
  card: boolean;
  /** A page besides the desk; the rest of the place then means nothing. */
  admin: AdminPage | null;
}

export const adminPages: readonly AdminPage[] = ["people", "teams", "snippets", "categories", "audit"];

function decoded(text: string | undefined): string | null {
  try {
    return text ? decodeURIComponent(text) : null;
  } catch {
    return null;
  }
}

export function placeOf(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [first, open, card] = path.split("/");
  const name = decoded(first) ?? "";
  const admin = adminPages.find((page) => page === name) ?? null;
  const shelf = shelfOf(name) ?? "mine";
  const id = admin ? null : decoded(open);
  return { shelf, filters: cleaned(shelf, Object.fromEntries(new URLSearchParams(query))), open: id, card: id !== null && card === "card", admin };
}

export function hashOf(place: Omit<Place, "admin"> & { admin?: AdminPage | null }): string {
  if (place.admin) return `#/${place.admin}`;
  const query = queryOf(place.filters);
  const open = place.open ? `/${encodeURIComponent(place.open)}${place.card ? "/card" : ""}` : "";
  return `#/${place.shelf}${open}${query ? `?${query}` : ""}`;
}

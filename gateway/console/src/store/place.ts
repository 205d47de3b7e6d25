// A place in the inbox as the address bar writes it: #/mine, #/all/<conversation>, #/all/<conversation>/card.
import type { Id, View } from "../api/types";

export interface Place {
  view: View;
  open: Id | null;
  card: boolean;
}

function decoded(text: string | undefined): string | null {
  try {
    return text ? decodeURIComponent(text) : null;
  } catch {
    return null;
  }
}

export function placeOf(hash: string): Place {
  const [view, open, card] = hash.replace(/^#\/?/, "").split("/");
  const known: View = view === "unassigned" || view === "all" ? view : "mine";
  const id = decoded(open);
  return { view: known, open: id, card: id !== null && card === "card" };
}

export function hashOf(place: Place): string {
  return `#/${place.view}${place.open ? `/${encodeURIComponent(place.open)}${place.card ? "/card" : ""}` : ""}`;
}

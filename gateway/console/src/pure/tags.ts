// Tags as they are typed, and which to offer.
import type { Tag } from "../api/types";

/** The longest tag, in characters; and the most one conversation bears. docs/api.md */
export const LONGEST = 40;
export const MOST = 20;

/** A tag as the gateway keeps it: small letters, single spaces, no comma. Empty when nothing is left. */
export function tagOf(typed: string): string {
  return [...typed.replace(/[,;#\s]+/gu, " ").trim().toLowerCase()].slice(0, LONGEST).join("").trim();
}

/** What to offer for what was typed: known tags that it does not bear yet, those that begin so first. */
export function offered(known: readonly Tag[], have: readonly string[], typed: string, most = 8): string[] {
  const wanted = tagOf(typed);
  const names = known.map((tag) => tag.name).filter((name) => !have.includes(name) && name.includes(wanted));
  const begins = names.filter((name) => name.startsWith(wanted));
  return [...begins, ...names.filter((name) => !name.startsWith(wanted))].slice(0, most);
}

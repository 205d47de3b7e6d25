/** Which fields the form shows while nobody is here. */
import type { Config, Known } from "../types";

export type Field = keyof Known;

/** What is asked: at most two of the site's fields, nothing already known, nothing at all where we know an address. */
export function asked(config: Pick<Config, "fields">, known: Known): Field[] {
  if (known.mail || known.phone) return [];
  const open = config.fields.filter((field) => !known[field]).slice(0, 2);
  return open.some((field) => field !== "name") ? open : [];
}

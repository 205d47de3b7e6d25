/** Chooses the language and loads its table; a new language is one file here and one line in `TABLES`. */
import { en, type Words } from "./en";

export type { Words };

const TABLES: Record<string, () => Promise<{ default: Words }>> = {
  en: () => Promise.resolve({ default: en }),
  fi: () => import("./fi"),
  ar: () => import("./ar"),
};

const RIGHT_TO_LEFT = ["ar", "fa", "he", "ur"];

export interface Language {
  words: Words;
  /** BCP 47 tag for `lang` and Intl. */
  tag: string;
  dir: "ltr" | "rtl";
}

const base = (tag: string): string => tag.toLowerCase().split("-")[0] as string;

/** The first wanted tag whose language has a table; "auto" and unknown ones are passed over; English at last. */
export function choose(wanted: readonly (string | null | undefined)[]): string {
  return wanted.find((tag): tag is string => !!tag && base(tag) in TABLES) ?? "en";
}

/** The table of `tag`, English when it cannot be loaded. Times follow the visitor's own variant of the language. */
export async function load(tag: string, own: readonly string[]): Promise<Language> {
  const language = base(tag);
  const table = await (TABLES[language] as () => Promise<{ default: Words }>)().catch(() => null);
  const variant = tag === language ? own.find((other) => base(other) === language) : tag;
  if (!table) return { words: en, tag: "en", dir: "ltr" };
  return { words: table.default, tag: variant ?? tag, dir: RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr" };
}

/** `sentence` with `{name}` and the like replaced. */
export const fill = (sentence: string, values: Record<string, string | number>): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));

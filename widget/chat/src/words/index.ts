/** Chooses the language and loads its table; a new language is one file here and one line in `TABLES`. */
import type { Words } from "./en";

export type { Words };

const TABLES: Record<string, () => Promise<{ default: Words }>> = {
  en: () => import("./en"),
  fi: () => import("./fi"),
  ar: () => import("./ar"),
  hi: () => import("./hi"),
  te: () => import("./te"),
  bn: () => import("./bn"),
};

const RIGHT_TO_LEFT = ["ar", "fa", "he", "ur"];

export interface Language {
  words: Words;
  /** BCP 47 tag for `lang` and Intl. */
  tag: string;
  dir: "ltr" | "rtl";
}

/** "fi" of "fi-FI". */
export const base = (tag: string): string => tag.toLowerCase().split("-")[0] as string;

/** The first wanted tag whose language has a table; "auto" and unknown ones are passed over; English at last. */
export function choose(wanted: readonly (string | null | undefined)[]): string {
  return wanted.find((tag): tag is string => !!tag && base(tag) in TABLES) ?? "en";
}

/** The table of `tag`. Rejects when it cannot be fetched now. Times follow the visitor's own variant of the language. */
export async function load(tag: string, own: readonly string[]): Promise<Language> {
  const language = base(tag);
  const table = await (TABLES[language] as () => Promise<{ default: Words }>)();
  const variant = tag === language ? own.find((other) => base(other) === language) : tag;
  return { words: table.default, tag: variant ?? tag, dir: RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr" };
}

/** The server's own sentence, which is English: nothing to anybody who reads another language. */
export const spoken = (sentence: string, { tag }: Language): string => (base(tag) === "en" ? sentence : "");

/** `sentence` with `{name}` and the like replaced. */
export const fill = (sentence: string, values: Record<string, string | number>): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));

/** `sentence` with `{n}` as a number of the language and the form of `{one:…/other:…}` that goes with it. */
export const plural = (sentence: string, n: number, tag: string): string =>
  fill(
    sentence.replace(/\{(\w+:.*)\}/, (_whole, forms: string) => {
      const named = Object.fromEntries(forms.split("/").map((form) => form.split(":")));
      return named[new Intl.PluralRules(tag).select(n)] ?? named.other;
    }),
    { n: n.toLocaleString(tag) },
  );

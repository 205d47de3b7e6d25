/** What only some visits need – forms, menu, rating – is fetched when it is needed, with its own table of words. */
import type { More as Words } from "./words/more-en";
import { base } from "./words";

export interface More {
  panels: typeof import("./more/index");
  more: Words;
}

const TABLES: Record<string, () => Promise<{ default: Words }>> = {
  en: () => import("./words/more-en"),
  fi: () => import("./words/more-fi"),
  ar: () => import("./words/more-ar"),
  hi: () => import("./words/more-hi"),
  te: () => import("./words/more-te"),
  bn: () => import("./words/more-bn"),
};

/** The panels and their words in the language of `tag`, which has a table. Rejects when they cannot be fetched now. */
export async function fetchMore(tag: string): Promise<More> {
  const [panels, table] = await Promise.all([import("./more/index"), (TABLES[base(tag)] as () => Promise<{ default: Words }>)()]);
  await panels.dressed;
  return { panels, more: table.default };
}

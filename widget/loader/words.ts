/** The launcher's name before the frame is there, per language; that it opens and closes, `aria-expanded` says, and the frame tells the rest. */

const TABLES: Record<string, string> = {
  en: "Open chat",
  fi: "Chat",
  ar: "المحادثة",
  hi: "चैट",
  te: "చాట్",
  bn: "চ্যাট",
};

/** The word of the first wanted language we speak; English when there is none. */
export function word(wanted: readonly (string | null | undefined)[]): string {
  for (const tag of wanted) {
    const found = tag && TABLES[tag.toLowerCase().split("-")[0] as string];
    if (found) return found;
  }
  return TABLES.en as string;
}

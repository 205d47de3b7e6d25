/** What the launcher says, per language; the frame has its own, larger tables. */

export interface Words {
  open: string;
  close: string;
  chat: string;
  unread: string;
}

const TABLES: Record<string, Words> = {
  en: { open: "Open chat", close: "Close chat", chat: "Chat", unread: "Unread messages: " },
  fi: { open: "Avaa chat", close: "Sulje chat", chat: "Chat", unread: "Lukemattomia viestejä: " },
  ar: { open: "فتح المحادثة", close: "إغلاق المحادثة", chat: "المحادثة", unread: "رسائل غير مقروءة: " },
};

/** The table of the first wanted language we speak; English when there is none. */
export function words(wanted: readonly (string | null | undefined)[]): Words {
  for (const tag of wanted) {
    const table = tag && TABLES[tag.toLowerCase().split("-")[0] as string];
    if (table) return table;
  }
  return TABLES.en as Words;
}

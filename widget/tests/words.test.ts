/** Languages: every table complete, the right one chosen, sentences filled. */
import { describe, expect, it } from "vitest";
import * as format from "../chat/src/format";
import { reachable } from "../chat/src/address";
import { initials } from "../chat/src/ui/Avatar";
import { choose, fill, load, plural } from "../chat/src/words";

describe("languages", () => {
  const core = import.meta.glob<{ default: Record<string, string> }>("../chat/src/words/??.ts", { eager: true });
  const late = import.meta.glob<{ default: Record<string, string> }>("../chat/src/words/more-??.ts", { eager: true });
  const placeholders = (sentence: string) => [...new Set(sentence.match(/\{\w+\}/g))].sort();
  const letters: Record<string, RegExp> = { ar: /\p{Script=Arabic}/u, hi: /\p{Script=Devanagari}/u, te: /\p{Script=Telugu}/u, bn: /\p{Script=Bengali}/u };

  describe.each([
    ["first", core, "../chat/src/words/en.ts"],
    ["late", late, "../chat/src/words/more-en.ts"],
  ])("the %s table", (_name, tables, english) => {
    const wanted = tables[english]?.default ?? {};

    it("is there in all six languages", () => expect(Object.keys(tables)).toHaveLength(6));

    it.each(Object.keys(tables))("%s has every sentence and every placeholder of the English one, in its own script", (path) => {
      const words = tables[path]?.default ?? {};
      const script = letters[path.slice(-5, -3)];
      expect(Object.keys(words)).toEqual(Object.keys(wanted));
      for (const key of Object.keys(wanted)) {
        expect(words[key], key).not.toBe("");
        expect(placeholders(words[key] as string), key).toEqual(placeholders(wanted[key] as string));
        if (script) expect(words[key], key).toMatch(script);
      }
    });
  });

  it.each(["en", "fi", "ar", "hi", "te", "bn"])("%s counts in its own plural forms", async (tag) => {
    const { words } = await load(tag, []);
    for (const n of [0, 1, 2, 3, 11, 100, 1234]) {
      const said = plural(words.tooLong, n, tag);
      expect(said).not.toMatch(/[{}:/]|undefined/);
      if (tag !== "ar" || n > 2) expect(said).toContain(n.toLocaleString(tag));
    }
    expect(plural(words.tooLong, 1, tag)).not.toBe(plural(words.tooLong, 5, tag));
  });

  it("takes the first language it has", () => {
    expect(choose(["", "auto", "fi-FI", "en"])).toBe("fi-FI");
    expect(choose([null, "auto", "xx", "ar"])).toBe("ar");
    expect(choose(["xx"])).toBe("en");
  });

  it("turns the page for Arabic and keeps the visitor's own English", async () => {
    expect((await load("ar", [])).dir).toBe("rtl");
    expect((await load("en", ["fi", "en-GB"])).tag).toBe("en-GB");
  });

  it("fills sentences and leaves unknown names", () => {
    expect(fill("{name} is {what}", { name: "$&" })).toBe("$& is {what}");
  });
});

describe("formats", () => {
  const noon = new Date(2026, 10, 21, 12).getTime();
  it("names days", () => {
    expect(format.day("en", noon, noon + 3600_000)).toBe("Today");
    expect(format.day("fi", noon - 86_400_000, noon)).toBe("Eilen");
    expect(format.day("en-GB", new Date(2025, 0, 1, 9).getTime(), noon)).toContain("2025");
  });
  it("says when it opens again: the hour today, the weekday within six days, the date later", () => {
    const at = (days: number, hour: number) => new Date(2026, 10, 21 + days, hour).getTime();
    expect(format.opening("en-GB", at(0, 18), noon)).toBe("18:00");
    expect(format.opening("en-GB", at(1, 9), noon)).toMatch(/^Sunday.* 0?9:00$/);
    expect(format.opening("en-US", at(2, 9), noon)).toMatch(/^Monday.* 9:00\sAM$/);
    expect(format.opening("en-GB", at(7, 9), noon)).toMatch(/^28 November.* 0?9:00$/);
    expect(format.opening("hi", at(2, 9), noon)).toContain("सोमवार");
  });
  it("names sizes", () => {
    expect(format.size("en", 184_320)).toBe("184 kB");
    expect(format.size("en", 1_843_200)).toBe("1.8 MB");
    expect(format.size("en", 999_999)).toBe("1 MB");
  });
  it("takes initials of any script", () => {
    expect(initials("Aino Maria Virtanen")).toBe("AV");
    expect(initials("«Mikko»")).toBe("M");
    expect(initials("")).toBe("");
  });
});

describe("addresses", () => {
  it.each([
    [" aino@example.fi ", "aino@example.fi"],
    ["+358 40 123 4567", "+358401234567"],
    ["00358-40-1234567", "+358401234567"],
    ["040 1234567", null],
    ["aino@", null],
    ["a b@example.fi", null],
  ])("%s", (typed, expected) => expect(reachable(typed)).toBe(expected));
});

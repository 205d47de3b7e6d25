/** Languages: every table complete, the right one chosen, sentences filled. */
import { describe, expect, it } from "vitest";
import * as format from "../chat/src/format";
import { reachable } from "../chat/src/address";
import { initials } from "../chat/src/ui/Avatar";
import { choose, fill, load } from "../chat/src/words";
import { en } from "../chat/src/words/en";

describe("languages", () => {
  it.each(["fi", "ar"])("%s keeps every placeholder of the English table", async (tag) => {
    const { words } = await load(tag, []);
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      expect(words[key], key).not.toBe("");
      expect(words[key].match(/\{\w+\}/g)?.sort() ?? [], key).toEqual(en[key].match(/\{\w+\}/g)?.sort() ?? []);
    }
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

import { describe, expect, it } from "vitest";
import { clipped } from "../src/pure/clip";
import { placeholdersIn } from "../src/pure/placeholder";
import { fold } from "../src/pure/quote";
import { fitting, inserted, spaced, triggerAt } from "../src/pure/snippets";
import { offered, tagOf } from "../src/pure/tags";
import type { Snippet } from "../src/api/types";

const snippet = (name: string, text = ""): Snippet => ({ id: name, name, text, shared: true, mine: true });

describe("asking for a snippet", () => {
  const at = (text: string) => triggerAt(text, text.length);

  it("takes ; and / at the beginning and after white space", () => {
    expect(at(";")).toEqual({ from: 0, query: "" });
    expect(at("Hello /gre")).toEqual({ from: 6, query: "gre" });
    expect(at("one\n;käännä")).toEqual({ from: 4, query: "käännä" });
    expect(at("Thank you.;bye")).toEqual({ from: 10, query: "bye" });
    expect(triggerAt("say ;hi there", 7)).toEqual({ from: 4, query: "hi" });
  });

  it("leaves addresses, alternatives and sentences alone", () => {
    for (const text of ["https://example.com/x", "and/or", "so;and", "; then", "", "/a b", "3 / 4", "see ./configure"]) expect(at(text), text).toBeNull();
  });

  it("finds by the beginning of the name, then the name, then the text; accents and case aside", () => {
    const all = [snippet("refund", "We greet you"), snippet("Regret"), snippet("Greet"), snippet("Kääntö")];
    expect(fitting(all, "gre").map((one) => one.name)).toEqual(["Greet", "Regret", "refund"]);
    expect(fitting(all, "kaanto").map((one) => one.name)).toEqual(["Kääntö"]);
    expect(fitting(all, "we refund").map((one) => one.name)).toEqual(["refund"]);
    expect(fitting(all, "")).toHaveLength(4);
    expect(fitting(all, "zzz")).toEqual([]);
  });

  it("does not stick to what stands before", () => {
    expect([spaced("days.", 5, "Kind regards"), spaced("days. ", 6, "Kind"), spaced("", 0, "Kind"), spaced("a\n", 2, "b"), spaced("a", 1, "\n\nb"), spaced("a", 1, ", b")])
      .toEqual([" Kind regards", "Kind", "Kind", "b", "\n\nb", ", b"]);
  });

  it("puts the text where the mark was", () => {
    expect(inserted("Dear ;gr and", 5, 8, "Aino")).toEqual({ text: "Dear Aino and", cursor: 9 });
  });
});

describe("placeholders", () => {
  it("are found in agents' words, each once", () => {
    expect(placeholdersIn("Hi {first_name}, {faq_link:billing} {first_name}")).toEqual(["{first_name}", "{faq_link:billing}"]);
    expect(placeholdersIn("a {b c} {X} {} {1} {a-b} plain")).toEqual([]);
  });
});

describe("a text too long to show", () => {
  it("is shown whole while it is short", () => {
    for (const text of ["", "hello", "हिन्दी तेलుగు বাংলা", "e\u0301\u0302", "{{constructor.constructor('x')()}} {first_name}"]) expect(clipped(text)).toEqual({ shown: text, whole: null });
  });

  it("is cut at a length and at a number of lines, never inside a letter", () => {
    const long = "😀".repeat(3000);
    const cut = clipped(long);
    expect(cut.whole).toBe(3000);
    expect(long.startsWith(cut.shown)).toBe(true);
    expect(cut.shown.length).toBeLessThanOrEqual(4000);
    expect(encodeURIComponent(cut.shown)).toBeTruthy();
    expect(encodeURIComponent(clipped(`a${"😀".repeat(3000)}`).shown)).toBeTruthy();
    expect(clipped("x\n".repeat(500)).shown.split("\n").length).toBeLessThanOrEqual(61);
  });

  it("loses a tower of accents but not those of any script", () => {
    const tower = `a${"\u0301".repeat(100_000)}b`;
    const cut = clipped(tower);
    expect(cut.shown.length).toBeLessThan(20);
    expect(cut.whole).toBe(100_002);
    expect(clipped("x\u0301\u0302\u0303\u0304").whole).toBeNull();
  });
});

describe("quoted mail without marks", () => {
  it("folds what stands under the old message's heading", () => {
    const text = "Yes please.\n\n-----Original Message-----\nFrom: Sara\nSent: today\n\nDo you want it?";
    expect(fold(text)).toMatchObject({ shown: "Yes please.", lines: 5 });
    expect(text.endsWith(fold(text).hidden)).toBe(true);
    const outlook = `Thanks\n\n${"_".repeat(32)}\nFrom: Sara\nTo: me\nSubject: x\n\nText`;
    expect(fold(outlook).shown).toBe("Thanks");
    expect(fold(`Thanks\n${"_".repeat(32)}\nSigned, me\nx`).lines).toBe(0);
  });
});

describe("tags", () => {
  it("are small letters without commas, as they are kept", () => {
    expect([tagOf(" VIP "), tagOf("#Late,  delivery;"), tagOf("ÄÖ"), tagOf("  "), tagOf("x".repeat(60)).length]).toEqual(["vip", "late delivery", "äö", "", 40]);
  });

  it("are offered by their beginning first, without those it bears", () => {
    const known = ["refund", "vip", "vat", "service"].map((name) => ({ name, count: 1 }));
    expect(offered(known, ["vat"], "v")).toEqual(["vip", "service"]);
    expect(offered(known, [], "")).toHaveLength(4);
  });
});

import { describe, expect, it } from "vitest";
import { linkify, safeUrl } from "../src/pure/linkify";

const hrefs = (text: string) => linkify(text).flatMap((piece) => (piece.href === null ? [] : [piece.href]));
const joined = (text: string) => linkify(text).map((piece) => piece.text).join("");

describe("linkify", () => {
  it("finds web and mail addresses in running text", () => {
    expect(hrefs("See https://example.com/a?b=1#c and www.posti.fi, or write to aino.virtanen@example.fi.")).toEqual([
      "https://example.com/a?b=1#c", "https://www.posti.fi/", "mailto:aino.virtanen@example.fi",
    ]);
  });

  it("leaves the sentence's punctuation outside, and brackets that belong inside", () => {
    expect(hrefs("(https://example.com/x).")).toEqual(["https://example.com/x"]);
    expect(hrefs("https://en.example.org/wiki/A_(b)!")).toEqual(["https://en.example.org/wiki/A_(b)"]);
    expect(hrefs("देखें https://example.com/क।")).toEqual(["https://example.com/%E0%A4%95"]);
  });

  it.each([
    "javascript:alert(1)", "JaVaScRiPt://example.com/%0aalert(1)", "data:text/html,<script>1</script>", "vbscript:x", "file:///etc/passwd",
    "https://bank.example@evil.example/", "https://user:pw@evil.example", "https://exa\u202emple.com", "https://a\u200bb.example", "http://", "https://intranet",
  ])("makes no link of %s", (text) => {
    expect(hrefs(text).filter((href) => !href.startsWith("mailto:"))).toEqual([]);
  });

  it("only ever makes http, https and mailto links, and never changes the text", () => {
    const parts = ["https://", "www.", "a@b.co", "javascript:", "<b>", "\u202e", "(", ")", ".", "%0a", "例え.jp", " ", "\n", "'", '"', "ftp://x.y", "@", ":"];
    let seed = 7;
    for (let round = 0; round < 3000; round++) {
      let text = "";
      for (let count = 0; count < 8; count++) text += parts[(seed = (seed * 48271) % 2147483647) % parts.length];
      expect(joined(text)).toBe(text);
      for (const href of hrefs(text)) expect(href).toMatch(/^(https?:\/\/|mailto:)[^\s<>"']*$/);
    }
  });

  it("takes a long text without an address in its stride", () => {
    const began = performance.now();
    linkify("a.".repeat(50_000) + "@".repeat(1000));
    expect(performance.now() - began).toBeLessThan(500);
  });
});

describe("safeUrl", () => {
  it("opens pages only", () => {
    expect(safeUrl("https://example.com/x")).toBe("https://example.com/x");
    expect([safeUrl("javascript:alert(1)"), safeUrl("data:,x"), safeUrl("/relative"), safeUrl("")]).toEqual([null, null, null, null]);
  });
});

/** Links: only safe schemes, nothing lost, punctuation left to the sentence. */
import { describe, expect, it } from "vitest";
import { linkify } from "../chat/src/linkify";

const links = (text: string): (string | null)[] => linkify(text).filter((piece) => piece.href).map((piece) => piece.href);

describe("linkify", () => {
  it.each([
    ["See https://example.com/a?b=1&c=2.", ["https://example.com/a?b=1&c=2"]],
    ["(https://example.com/a_(b)) or http://example.com!", ["https://example.com/a_(b)", "http://example.com/"]],
    ["www.example.com, aino@example.fi.", ["https://www.example.com/", "mailto:aino@example.fi"]],
    ["mailto:aino@example.fi", ["mailto:aino@example.fi"]],
    ["https://example.com/päivä/हिन्दी", ["https://example.com/p%C3%A4iv%C3%A4/%E0%A4%B9%E0%A4%BF%E0%A4%A8%E0%A5%8D%E0%A4%A6%E0%A5%80"]],
  ])("%s", (text, expected) => expect(links(text)).toEqual(expected));

  it.each([
    "javascript:alert(1)",
    "JAVASCRIPT:alert(1)//https:",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x file:///etc/passwd ftp://example.com blob:x",
    "https:// http://",
    "https://nodots",
    "mailto:",
    "a@b @example.com",
  ])("leaves %s alone", (text) => expect(links(text)).toEqual([]));

  it("stops before a bidirectional control", () => {
    expect(links("https://example.com/\u202Egpj.exe")).toEqual(["https://example.com/"]);
  });

  it("gives the text back unchanged, whatever it is, and quickly", () => {
    const odd = "a".repeat(20_000) + "@" + "b.".repeat(20_000) + " https://e.example/" + ")".repeat(2000) + "\u0000\ud800 मैं";
    const begun = Date.now();
    expect(linkify(odd).map((piece) => piece.text).join("")).toBe(odd);
    expect(Date.now() - begun).toBeLessThan(1500);
  });
});

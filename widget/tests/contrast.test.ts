/** Any accent a customer configures stays readable. */
import { describe, expect, it } from "vitest";
import { palette } from "../chat/src/accent";
import { contrast, ink, parse, type Rgb } from "../shared/contrast";

const rgb = (hex: string): Rgb => parse(hex) as Rgb;

describe("contrast", () => {
  it("knows the ends of the scale", () => {
    expect(contrast(rgb("#000"), rgb("#fff"))).toBeCloseTo(21);
    expect(contrast(rgb("#777"), rgb("#777777"))).toBe(1);
  });

  it("refuses what is not a colour", () => {
    for (const text of ["", "red", "#12", "#12345", "#gggggg", "#fff;x:y"]) expect(parse(text)).toBeNull();
  });

  it("puts readable ink on every accent, and makes every accent readable on both grounds", () => {
    for (let r = 0; r < 256; r += 15) {
      for (let g = 0; g < 256; g += 15) {
        for (let b = 0; b < 256; b += 15) {
          const accent = [r, g, b] as const;
          expect(contrast(accent, rgb(ink(accent)))).toBeGreaterThanOrEqual(4.5);
          const hex = "#" + accent.map((c) => c.toString(16).padStart(2, "0")).join("");
          const colours = palette(hex);
          expect(contrast(rgb(colours["--accent-on-light"] as string), rgb("#f3f5f6"))).toBeGreaterThanOrEqual(4.5);
          expect(contrast(rgb(colours["--accent-on-dark"] as string), rgb("#2a2f34"))).toBeGreaterThanOrEqual(4.5);
        }
      }
    }
  });

  it("falls back to its own accent when the setting is none", () => {
    expect(palette("url(x)")["--accent"]).toBe("#1f6f5c");
  });
});

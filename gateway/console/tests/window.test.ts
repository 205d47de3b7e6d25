import { describe, expect, it } from "vitest";
import { anchored, arrivedAbove, visible, WHOLE } from "../src/pure/window";

const names = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `r${from + index}`);

describe("the rows worth drawing", () => {
  it("are all of a short list", () => {
    expect(visible(WHOLE, 0, 800, 76)).toEqual({ first: 0, end: WHOLE });
  });

  it("are those in sight and a few around, wherever the list stands", () => {
    for (let top = 0; top < 500 * 76; top += 333) {
      const { first, end } = visible(500, top, 800, 76);
      const shown = Math.min(top, 500 * 76 - 800);
      expect(first * 76).toBeLessThanOrEqual(shown);
      expect(end * 76).toBeGreaterThanOrEqual(Math.min(500 * 76, shown + 800));
      expect(end - first).toBeLessThan(34);
    }
  });

  it("stay within the list when it was scrolled past its end", () => {
    expect(visible(300, 1e9, 800, 76).end).toBe(300);
  });
});

describe("keeping the eye in place", () => {
  it("lets news in at the very top", () => {
    expect(anchored(names(5), ["new", ...names(5)], 0, 76)).toBe(0);
  });

  it("moves with what was pushed down, to the pixel", () => {
    expect(anchored(names(300), ["new", ...names(300)], 3 * 76 + 20, 76)).toBe(4 * 76 + 20);
  });

  it("goes on with the next row when the top one left", () => {
    const after = names(300).filter((name) => name !== "r3");
    expect(anchored(names(300), after, 3 * 76 + 20, 76)).toBe(3 * 76);
  });

  it("ends at the end when everything left", () => {
    expect(anchored(names(300), names(2, 900), 9000, 76)).toBe(2 * 76);
  });
});

describe("what came above the eye", () => {
  it("counts what is new and what moved up, not what was there", () => {
    expect(arrivedAbove(names(9), 2 * 80, ["n1", "r0", "r1", "r2"], 3 * 80, 80)).toEqual(["n1"]);
    expect(arrivedAbove(names(9), 2 * 80, ["r7", "r0", "n1", "r1", "r2"], 4 * 80 + 10, 80)).toEqual(["r7", "n1", "r2"]);
    expect(arrivedAbove(names(9), 3 * 80, ["r2", "r0"], 80, 80)).toEqual([]);
  });
});

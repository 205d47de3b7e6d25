import { describe, expect, it } from "vitest";
import { clock, TARGET, waitAt } from "../src/pure/wait";

describe("the wait clock", () => {
  it("counts minutes and seconds, then hours, then days", () => {
    expect([0, 7, 59, 60, 187, 3599].map(clock)).toEqual(["0:00", "0:07", "0:59", "1:00", "3:07", "59:59"]);
    expect([3600, 7500, 86_399].map(clock)).toEqual(["1 h 00", "2 h 05", "23 h 59"]);
    expect(clock(86_400 * 3 + 3600 * 4)).toBe("3 d 4 h");
  });

  it("never shows less than nothing, even when the server's clock is ahead", () => {
    expect(clock(-5)).toBe("0:00");
    expect(waitAt(2_000_000, 1_000_000)).toEqual({ clock: "0:00", share: 0, mood: "calm" });
  });

  it("turns amber at 75 % and red at 100 % of the target", () => {
    const mood = (share: number) => waitAt(0, TARGET * share)?.mood;
    expect([0.1, 0.7499, 0.75, 0.9999, 1, 4].map(mood)).toEqual(["calm", "calm", "soon", "soon", "late", "late"]);
  });

  it("shows nothing while nobody waits", () => {
    expect(waitAt(null, 10)).toBeNull();
  });
});

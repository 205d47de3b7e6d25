/** Grouping by day, person and minute. */
import { describe, expect, it } from "vitest";
import { group, type Line } from "../chat/src/group";

const at = (text: string): number => new Date(text).getTime();
const line = (key: string, when: string, name = "Mikko", mine = false): Line => ({ key, mine, name, at: at(when) });

describe("grouping", () => {
  it("puts one person's messages of one minute together", () => {
    const days = group([
      line("a", "2026-11-21T14:02:01"),
      line("b", "2026-11-21T14:02:59"),
      line("c", "2026-11-21T14:03:00"),
      line("d", "2026-11-21T14:03:10", "Aino"),
      line("e", "2026-11-21T14:03:20", "", true),
    ]);
    expect(days).toHaveLength(1);
    expect(days[0]?.groups.map((one) => one.lines.map((each) => each.key).join(""))).toEqual(["ab", "c", "d", "e"]);
  });

  it("draws a line between days", () => {
    expect(group([line("a", "2026-11-20T23:59:59"), line("b", "2026-11-21T00:00:00")])).toHaveLength(2);
  });

  it("does not go back a day when a clock runs behind", () => {
    const days = group([line("a", "2026-11-21T00:00:10"), line("b", "2026-11-20T23:59:50", "", true)]);
    expect(days).toHaveLength(1);
  });
});

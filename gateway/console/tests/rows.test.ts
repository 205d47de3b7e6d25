import { describe, expect, it } from "vitest";
import { belongs, extended, inOrder, isUnread, placed, upsert, type Shown } from "../src/pure/rows";
import type { Row } from "../src/api/types";
import { row } from "./made";

const ME = { id: "me", name: "Mikko" };
const byId = (...rows: Row[]) => Object.fromEntries(rows.map((one) => [one.id, one]));
const shown = (ids: string[], change: Partial<Shown> = {}): Shown => ({ view: "all", state: "open", q: "", ids, cursor: null, ...change });

describe("folding rows in", () => {
  it("ignores a hint that was overtaken", () => {
    const have = byId(row("a", { version: 5, last_seq: 9 }));
    expect(upsert(have, [row("a", { version: 4, last_seq: 9 })])).toBe(have);
    expect(upsert(have, [row("a", { version: 5, last_seq: 8 })])).toBe(have);
    expect(upsert(have, [row("a", { version: 6, last_seq: 9, preview: "new" })]).a?.preview).toBe("new");
  });

  it("keeps the caller's read mark, and never moves it back", () => {
    const have = byId(row("a", { seen_seq: 7, last_seq: 8 }));
    expect(upsert(have, [row("a", { version: 2, last_seq: 9, seen_seq: null })]).a?.seen_seq).toBe(7);
    expect(upsert(have, [row("a", { version: 2, last_seq: 9, seen_seq: 3 })]).a?.seen_seq).toBe(7);
    expect(upsert(have, [row("a", { version: 2, last_seq: 9, seen_seq: 9 })]).a?.seen_seq).toBe(9);
  });

  it("calls a row unread only when the customer wrote last and later than the mark", () => {
    expect(isUnread(row("a", { last_seq: 3, seen_seq: 2 }))).toBe(true);
    expect(isUnread(row("a", { last_seq: 3, seen_seq: 3 }))).toBe(false);
    expect(isUnread(row("a", { last_seq: 3, seen_seq: 2, preview_author: "agent" }))).toBe(false);
    expect(isUnread(row("a", { last_seq: 1, seen_seq: null }))).toBe(true);
  });
});

describe("what a view shows", () => {
  it("knows mine, unassigned and all by state", () => {
    const mine = row("a", { assignee: ME });
    expect([belongs(mine, "mine", "open", "", "me"), belongs(mine, "unassigned", "open", "", "me"), belongs(mine, "all", "open", "", "me")]).toEqual([true, false, true]);
    expect(belongs(row("a", { state: "resolved" }), "all", "open", "", "me")).toBe(false);
    expect(belongs(row("a", { state: "resolved" }), "all", "any", "", "me")).toBe(true);
    expect(belongs(row("a", { state: "joined" }), "all", "any", "", "me")).toBe(false);
    expect(belongs(mine, "mine", "open", "words", "me")).toBeNull();
  });

  it("orders all by the latest, unassigned by the longest wait", () => {
    const rows = [row("a", { last_at: 1, waiting_since: 30 }), row("b", { last_at: 3, waiting_since: null }), row("c", { last_at: 2, waiting_since: 10 })];
    expect([...rows].sort((x, y) => inOrder("all", x, y)).map((one) => one.id)).toEqual(["b", "c", "a"]);
    expect([...rows].sort((x, y) => inOrder("unassigned", x, y)).map((one) => one.id)).toEqual(["c", "a", "b"]);
  });

  it("moves a row with news up, and takes out what was resolved or taken by somebody", () => {
    const rows = byId(row("a", { last_at: 9 }), row("b", { last_at: 8 }), row("c", { last_at: 10 }));
    expect(placed(shown(["a", "b", "c"]), rows, rows.c as Row, "me")).toEqual(["c", "a", "b"]);
    const gone = row("b", { state: "resolved" });
    expect(placed(shown(["a", "b", "c"]), { ...rows, b: gone }, gone, "me")).toEqual(["a", "c"]);
    const taken = row("b", { assignee: ME });
    expect(placed(shown(["a", "b"], { view: "unassigned" }), { ...rows, b: taken }, taken, "me")).toEqual(["a"]);
  });

  it("leaves a row for paging when its place is past the loaded end", () => {
    const rows = byId(row("a", { last_at: 9 }), row("z", { last_at: 1 }));
    expect(placed(shown(["a"], { cursor: "more" }), rows, rows.z as Row, "me")).toEqual(["a"]);
    expect(placed(shown(["a"]), rows, rows.z as Row, "me")).toEqual(["a", "z"]);
  });

  it("gives the same list back when nothing moved, so that nothing is drawn again", () => {
    const rows = byId(row("a", { last_at: 9 }), row("b", { last_at: 8 }));
    const ids = ["a", "b"];
    expect(placed(shown(ids), rows, rows.a as Row, "me")).toBe(ids);
    expect(placed(shown(ids, { q: "x" }), rows, row("n"), "me")).toBe(ids);
  });

  it("lists nothing twice when a page overlaps", () => {
    expect(extended(["a", "b"], [row("b"), row("c")])).toEqual(["a", "b", "c"]);
  });
});

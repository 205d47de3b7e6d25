import { describe, expect, it } from "vitest";
import { belongs, between, extended, inOrder, isUnread, keeping, placed, upsert, type Shown } from "../src/pure/rows";
import type { Row, Sort } from "../src/api/types";
import type { Filters, Shelf } from "../src/pure/listing";
import { row } from "./made";

const ME = { id: "me", name: "Mikko" };
const byId = (...rows: Row[]) => Object.fromEntries(rows.map((one) => [one.id, one]));
const shown = (ids: string[], change: Partial<Shown> = {}): Shown => ({ shelf: "all", filters: {}, ids, cursor: null, ...change });

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

describe("what a list shows", () => {
  const shows = (one: Row, shelf: Shelf, filters: Filters = {}) => belongs(one, shelf, filters, "me");

  it("knows the shelves", () => {
    const mine = row("a", { assignee: ME });
    expect([shows(mine, "mine"), shows(mine, "unassigned"), shows(mine, "all")]).toEqual([true, false, true]);
    expect([shows(row("a"), "waiting"), shows(row("a", { waiting_since: 1 }), "waiting")]).toEqual([false, true]);
    expect([shows(row("a"), "due"), shows(row("a", { due_at: 1 }), "due")]).toEqual([false, true]);
    expect([shows(row("a", { state: "snoozed" }), "snoozed"), shows(row("a", { state: "resolved" }), "resolved"), shows(row("a"), "resolved")]).toEqual([true, true, false]);
    expect([shows(row("a", { team: { id: "t", name: "T" } }), "team:t"), shows(row("a"), "team:t")]).toEqual([true, false]);
  });

  it("keeps spam out of every list but its own, whatever else is asked", () => {
    const spam = row("a", { state: "closed", spam: true });
    expect([shows(spam, "spam"), shows(spam, "all", { state: "any" }), shows(spam, "all", { state: "closed" }), shows(row("b", { state: "closed" }), "spam")]).toEqual([true, false, false, false]);
  });

  it("shows what fits every filter", () => {
    const one = row("a", { tags: ["vip", "late"], priority: 1, category: "c", assignee: ME, team: null, channel: "mail" });
    for (const filters of [{ tag: "vip" }, { priority: "1" }, { category: "c" }, { owner: "me" }, { owner: "me", team: "none" }, { channel: "mail", state: "any" }]) expect(shows(one, "all", filters)).toBe(true);
    for (const filters of [{ tag: "v" }, { priority: "2" }, { category: "none" }, { owner: "none" }, { owner: "x" }, { team: "t" }, { channel: "x" }, { state: "closed" }, { tag: "vip", priority: "3" }]) expect(shows(one, "all", filters)).toBe(false);
    expect(shows(row("j", { state: "joined" }), "all", { state: "any" })).toBe(false);
  });

  it("leaves words to the server, but not what cannot fit anyway", () => {
    expect(shows(row("a"), "all", { q: "words" })).toBeNull();
    expect(shows(row("a", { state: "closed" }), "all", { q: "words" })).toBe(false);
  });

  it("orders by time, wait, due and importance; what has none of it comes last", () => {
    const rows = [
      row("a", { last_at: 1, waiting_since: 30, priority: 2, due_at: 9 }), row("b", { last_at: 3, waiting_since: null, priority: 1, due_at: null }),
      row("c", { last_at: 2, waiting_since: 10, priority: 2, due_at: 5 }), row("d", { last_at: 4, waiting_since: 20, priority: 2, due_at: null }),
    ];
    const order = (sort: Sort) => [...rows].sort((x, y) => inOrder(sort, x, y)).map((one) => one.id).join("");
    expect([order("newest"), order("oldest"), order("waiting"), order("due"), order("priority")]).toEqual(["dbca", "acbd", "cdab", "cabd", "bcad"]);
  });

  it("moves a row with news up, and takes out what was resolved or taken by somebody", () => {
    const rows = byId(row("a", { last_at: 9 }), row("b", { last_at: 8 }), row("c", { last_at: 10 }));
    expect(placed(shown(["a", "b", "c"]), rows, rows.c as Row, "me")).toEqual(["c", "a", "b"]);
    const gone = row("b", { state: "resolved" });
    expect(placed(shown(["a", "b", "c"]), { ...rows, b: gone }, gone, "me")).toEqual(["a", "c"]);
    const taken = row("b", { assignee: ME });
    expect(placed(shown(["a", "b"], { shelf: "unassigned" }), { ...rows, b: taken }, taken, "me")).toEqual(["a"]);
  });

  it("keeps the row that is being read where it is until it was read", () => {
    const gone = row("b", { state: "resolved" });
    const ids = ["a", "b", "c"];
    expect(placed(shown(ids), byId(row("a"), gone, row("c")), gone, "me", "b")).toBe(ids);
    expect(keeping(ids, ["x", "a", "c"], "b")).toEqual(["x", "a", "b", "c"]);
    expect(keeping(ids, ["c"], "b")).toEqual(["b", "c"]);
    expect(keeping(ids, ["c"], "z")).toEqual(["c"]);
    expect(keeping(ids, ["c"], null)).toEqual(["c"]);
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
    expect(placed(shown(ids, { filters: { q: "x" } }), rows, row("n"), "me")).toBe(ids);
  });

  it("lists nothing twice when a page overlaps", () => {
    expect(extended(["a", "b"], [row("b"), row("c")])).toEqual(["a", "b", "c"]);
  });

  it("ticks everything between two rows, whichever was first", () => {
    const ids = ["a", "b", "c", "d"];
    expect([between(ids, "d", "b"), between(ids, "b", "c"), between(ids, null, "c"), between(ids, "gone", "c")]).toEqual([["b", "c", "d"], ["b", "c"], ["c"], ["c"]]);
  });
});

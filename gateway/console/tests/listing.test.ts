import { describe, expect, it } from "vitest";
import { asked, cleaned, isNarrowed, queryOf, sameFilters } from "../src/pure/listing";
import { isShown, keptIn, queryFor } from "../src/store/searches";

describe("what a list asks for", () => {
  it("asks a view of the server, or all of them with the shelf's own state or team", () => {
    expect(asked("mine", {})).toEqual({ view: "mine", state: "open", q: "" });
    expect(asked("snoozed", {})).toEqual({ view: "all", state: "snoozed", q: "" });
    expect(asked("spam", {})).toEqual({ view: "all", state: "spam", q: "" });
    expect(asked("team:7", { tag: "vip", q: "words" })).toEqual({ view: "all", state: "open", team: "7", tag: "vip", q: "words" });
    expect(asked("due", { sort: "priority", state: "any" })).toEqual({ view: "due", state: "any", q: "", sort: "priority" });
  });

  it("keeps only filters that mean something and do not repeat the shelf", () => {
    expect(cleaned("all", { state: "open", sort: "newest", priority: "5", tag: " ", q: " words ", nonsense: "x" })).toEqual({ q: "words" });
    expect(cleaned("waiting", { sort: "waiting", state: "nonsense" })).toEqual({});
    expect(cleaned("resolved", { state: "resolved", priority: "1" })).toEqual({ priority: "1" });
    expect(cleaned("team:7", { team: "7" })).toEqual({});
    expect(cleaned("team:7", { team: "8" })).toEqual({ team: "8" });
  });

  it("writes the same filters the same way, whatever their order", () => {
    expect(queryOf({ q: "ä b", tag: "vip" })).toBe("tag=vip&q=%C3%A4+b");
    expect(sameFilters({ tag: "a", owner: "me" }, { owner: "me", tag: "a" })).toBe(true);
    expect(sameFilters({ tag: "a" }, {})).toBe(false);
  });

  it("does not call an order a filter", () => {
    expect([isNarrowed({}), isNarrowed({ sort: "due" }), isNarrowed({ tag: "x" })]).toEqual([false, false, true]);
  });

  it("keeps a search as the list is asked, and finds it again wherever it was made", () => {
    const search = (query: Record<string, string>) => ({ id: "s", name: "S", shared: false, mine: true, query });
    expect(queryFor({ shelf: "mine", filters: { tag: "vip" } })).toEqual({ view: "mine", tag: "vip" });
    expect(queryFor({ shelf: "team:7", filters: { q: "x", state: "any" } })).toEqual({ team: "7", q: "x", state: "any" });
    for (const kept of [{ shelf: "mine", filters: { tag: "vip" } }, { shelf: "snoozed", filters: { priority: "1" } }, { shelf: "team:7", filters: { q: "x" } }] as const) {
      expect(isShown(search(queryFor(kept)), kept)).toBe(true);
      expect(isShown(search(queryFor(kept)), keptIn(search(queryFor(kept))))).toBe(true);
    }
    expect(keptIn(search({ state: "open", tag: "vip" }))).toEqual({ shelf: "all", filters: { tag: "vip" } });
    expect(isShown(search({ tag: "vip" }), { shelf: "all", filters: {} })).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import { callFor, YOUNG } from "../src/pure/calls";
import { dueOf, SOON } from "../src/pure/due";
import { row } from "./made";

const ME = { id: "me", availability: "available" };
const NOW = 1_000_000_000;
const mine = { id: "me", name: "Mikko" };
const kind = (...args: Parameters<typeof callFor>) => callFor(...args)?.kind ?? null;

describe("what calls for attention", () => {
  it("calls for what is offered, assigned and written to me", () => {
    const have = row("a", { last_at: NOW });
    const offered = row("a", { last_at: NOW, offer: { agent_id: "me", deadline: NOW + 1 } });
    expect(kind(have, offered, ME, NOW, false)).toBe("offered");
    expect(kind(offered, offered, ME, NOW, false)).toBeNull();
    expect(kind(have, row("a", { assignee: mine }), ME, NOW, false)).toBe("assigned");
    expect(kind(row("a", { assignee: mine, last_seq: 1 }), row("a", { assignee: mine, last_seq: 2 }), ME, NOW, false)).toBe("wrote");
    expect(kind(row("a", { assignee: mine, last_seq: 1 }), row("a", { assignee: mine, last_seq: 2, preview_author: "agent" }), ME, NOW, false)).toBeNull();
  });

  it("calls for a new customer in the queue, but not while away, while offered to another, or twice", () => {
    const queued = row("a", { last_at: NOW, waiting_since: NOW });
    expect(kind(undefined, queued, ME, NOW, false)).toBe("waits");
    expect(kind(row("a", { state: "resolved" }), queued, ME, NOW, false)).toBe("waits");
    expect(kind(queued, row("a", { last_at: NOW, waiting_since: NOW, last_seq: 5 }), ME, NOW, false)).toBeNull();
    expect(kind(undefined, queued, { ...ME, availability: "away" }, NOW, false)).toBeNull();
    expect(kind(undefined, row("a", { last_at: NOW, waiting_since: NOW, offer: { agent_id: "x", deadline: NOW + 9 } }), ME, NOW, false)).toBeNull();
  });

  it("says nothing of what I did myself, of what is somebody else's, of spam, and of old rows seen first", () => {
    expect(kind(row("a"), row("a", { assignee: mine }), ME, NOW, true)).toBeNull();
    expect(kind(row("a"), row("a", { assignee: { id: "x", name: "X" }, last_seq: 9 }), ME, NOW, false)).toBeNull();
    expect(kind(undefined, row("a", { spam: true, last_at: NOW, waiting_since: NOW }), ME, NOW, false)).toBeNull();
    expect(kind(undefined, row("a", { last_at: NOW - YOUNG - 1, waiting_since: 1 }), ME, NOW, false)).toBeNull();
  });

  it("names the same event alike in every tab, and the next one differently", () => {
    const next = (seq: number) => callFor(row("a", { assignee: mine, last_seq: 1 }), row("a", { assignee: mine, last_seq: seq }), ME, NOW, false)?.key;
    expect(next(2)).toBe(next(2));
    expect(next(2)).not.toBe(next(3));
  });
});

describe("a due moment", () => {
  it("is calm, then soon within the hour, then late", () => {
    expect([dueOf(NOW + SOON + 1, NOW), dueOf(NOW + SOON, NOW), dueOf(NOW, NOW)]).toEqual(["calm", "soon", "late"]);
  });
});

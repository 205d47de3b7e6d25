/** The timeline: idempotent, gap-aware, and clear about which conversation it holds. */
import { describe, expect, it } from "vitest";
import { EMPTY, isForeign, lastOfOthers, unread, withItems, withReceipt, withThread } from "../chat/src/timeline";
import type { Item, Thread } from "../chat/src/types";

const item = (pub: number, more: Partial<Item> = {}): Item => ({
  pub,
  id: "id-" + pub,
  mine: false,
  author: { name: "Mikko", kind: "agent" },
  text: "text " + pub,
  channel: "webchat",
  at: pub * 1_000_000,
  client_id: null,
  files: [],
  state: "sent",
  ...more,
});
const thread = (id: string, last_pub: number): Thread => ({
  id,
  number: 1,
  state: "open",
  last_pub,
  read_by_agent_pub: 0,
  agent: null,
  waiting: false,
  asked_solved: false,
  rating: null,
});

describe("timeline", () => {
  it("applies the same item twice without change", () => {
    const once = withItems(EMPTY, [item(1), item(2)]);
    expect(withItems(once, [item(2)]).items).toEqual(once.items);
  });

  it("stops at a gap and closes it", () => {
    const gap = withItems(EMPTY, [item(1), item(3)]);
    expect(gap.last).toBe(1);
    expect(gap.items.map((one) => one.pub)).toEqual([1, 3]);
    expect(withItems(gap, [item(2)]).last).toBe(3);
  });

  it("takes what was fetched as all there is, wherever it begins and whatever it leaves out", () => {
    const late = withItems(EMPTY, [item(5), item(7)], true);
    expect(late.last).toBe(7);
    expect(withItems(late, [item(8)]).last).toBe(8);
    expect(withItems(late, [item(10)]).last).toBe(7);
  });

  it("sets earlier messages aside when another conversation begins at 1", () => {
    const first = withThread(withItems(withThread(EMPTY, thread("a", 2)), [item(1), item(2)]), thread("b", 1));
    expect(first.last).toBe(0);
    expect(first.items).toEqual([]);
    expect(first.earlier).toHaveLength(2);
  });

  it("notices a message of another conversation by its taken number", () => {
    const line = withItems(EMPTY, [item(1)]);
    expect(isForeign(line, item(1, { id: "another" }))).toBe(true);
    expect(isForeign(line, item(1))).toBe(false);
  });

  it("counts what was neither seen here nor read elsewhere", () => {
    const line = withItems(EMPTY, [item(1, { state: "read" }), item(2, { mine: true, state: null }), item(3), item(4)]);
    expect(unread(line, 0)).toBe(2);
    expect(unread(line, 3)).toBe(1);
    expect(unread(withReceipt(line, 4, "read"), 0)).toBe(0);
    expect(lastOfOthers(line)).toBe(4);
  });
});

import { describe, expect, it } from "vitest";
import { delivered, firstNew, firstSeq, follows, lastSeq, laterDelivery, lines, merged, resynced, runs } from "../src/pure/entries";
import { event, message } from "./made";
import type { Delivery } from "../src/api/types";

const ids = (entries: readonly { id: string }[]) => entries.map((entry) => entry.id);
const state = (name: Delivery["state"], at = 0): Delivery => ({ state: name, detail: null, at });

describe("the timeline", () => {
  it("is ordered by time, then sequence, with the event after the message that caused it", () => {
    const entries = merged([], [event("e", 2_000_000), message(3, { at: 2_000_000 }), message(2, { at: 2_000_000 }), message(1)]);
    expect(ids(entries)).toEqual(["m1", "m2", "m3", "e"]);
  });

  it("comes out the same in whatever order and however often entries arrive", () => {
    const all = [message(1), message(2), event("e", 2_500_000), message(3), message(1, { id: "j1", conversation_id: "joined", at: 1_500_000 })];
    const expected = ids(merged([], all));
    let seed = 3;
    for (let round = 0; round < 200; round++) {
      const mixed = [...all, ...all].sort(() => ((seed = (seed * 48271) % 2147483647) % 2) - 0.5);
      let have = merged([], []);
      for (const one of mixed) have = merged(have, [one]);
      expect(ids(have)).toEqual(expected);
    }
  });

  it("counts the conversation's own sequence, not that of what was joined", () => {
    const entries = [message(4), message(5), message(90, { id: "j", conversation_id: "joined" })];
    expect([firstSeq(entries, "c"), lastSeq(entries, "c"), firstSeq([], "c")]).toEqual([4, 5, null]);
  });

  it("applies the next hint and notices a gap", () => {
    const have = [message(1), message(2)];
    expect(follows(have, "c", message(3))).toBe(true);
    expect(follows(have, "c", message(2))).toBe(true);
    expect(follows(have, "c", message(4))).toBe(false);
    expect(follows(have, "c", event("e", 9))).toBe(true);
    expect(follows(have, "c", message(50, { conversation_id: "joined" }))).toBe(true);
  });

  it("drops the older part rather than showing a hole", () => {
    expect(resynced([message(1), message(2)], [message(3), message(4)], "c")).toMatchObject({ whole: true, entries: { length: 4 } });
    const after = resynced([message(1), message(2)], [message(50), message(51)], "c");
    expect([after.whole, ids(after.entries)]).toEqual([false, ["m50", "m51"]]);
  });

  it("drops what left with an undone merge", () => {
    const other = message(1, { id: "j1", conversation_id: "joined" });
    expect(ids(resynced([message(1), other, message(2)], [message(1), message(2)], "c").entries)).toContain("j1");
    const after = resynced([message(1), other, message(2)], [message(1), message(2)], "c", true);
    expect([after.whole, ids(after.entries)]).toEqual([false, ["m1", "m2"]]);
  });
});

describe("what is new since somebody looked", () => {
  const mine = (seq: number) => message(seq, { direction: "out", author: { id: "me", name: "Mikko", kind: "agent" } });

  it("begins at the first message of anybody else after the read mark", () => {
    const entries = [message(1), message(2), mine(3), message(4), message(5)];
    expect(firstNew(entries, "c", 2, "me")).toBe("m4");
    expect(firstNew(entries, "c", 5, "me")).toBeNull();
  });

  it("is not said of everything, nor of what was joined in", () => {
    expect(firstNew([message(1)], "c", null, "me")).toBeNull();
    expect(firstNew([message(1)], "c", 0, "me")).toBeNull();
    expect(firstNew([message(9, { conversation_id: "joined" })], "c", 2, "me")).toBeNull();
  });
});

describe("the router's own steps", () => {
  const step = (id: string, name = "assigned") => event(id, 0, { name, actor: { id: null, name: "", kind: "system" } });

  it("are folded when there are many in a row, all but the last", () => {
    const entries = [message(1), step("a"), step("b", "released"), step("c"), step("d", "released"), message(2), step("e"), step("f"), step("g")];
    expect([...runs(entries)]).toEqual([["d", ["a", "b", "c"]]]);
  });

  it("are not mixed up with what people did", () => {
    expect(runs([step("a"), step("b"), event("c", 0, { name: "assigned" }), step("d"), step("e")]).size).toBe(0);
    expect(runs([step("a"), step("b"), step("c", "resolved"), step("d")]).size).toBe(0);
  });
});

describe("delivery", () => {
  it("moves on and never back", () => {
    expect(laterDelivery(state("read", 1), state("sent", 9))?.state).toBe("read");
    expect(laterDelivery(state("sent", 1), state("delivered", 2))?.state).toBe("delivered");
    expect(laterDelivery(state("retry", 1), state("sending", 2))?.state).toBe("sending");
    expect(laterDelivery(state("retry", 5), state("sending", 2))?.state).toBe("retry");
    expect(laterDelivery(null, state("queued"))?.state).toBe("queued");
  });

  it("keeps what the socket told when an older page arrives afterwards", () => {
    const have = delivered([message(1, { direction: "out", delivery: state("sent", 1) })], "m1", state("read", 2));
    const after = merged(have, [message(1, { direction: "out", delivery: state("sent", 1) })]);
    expect(after[0]).toMatchObject({ delivery: { state: "read" } });
  });
});

describe("days and groups", () => {
  const day = (at: number) => String(Math.floor(at / 86_400_000_000));

  it("groups one person's messages within five minutes, on one side and channel", () => {
    const minute = 60_000_000;
    const entries = [message(1, { at: 0 }), message(2, { at: minute }), message(3, { at: 10 * minute }), message(4, { at: 11 * minute, channel: "mail" }), message(5, { at: 12 * minute, direction: "note" })];
    const drawn = lines(entries, day);
    expect(drawn.map((line) => line.grouped)).toEqual([false, true, false, false, false]);
    expect(drawn.map((line) => line.last)).toEqual([false, true, true, true, true]);
  });

  it("shows a subject where it changes, and not again for a reply", () => {
    const mail = (seq: number, subject: string | null) => message(seq, { channel: "mail", subject });
    const drawn = lines([mail(1, "The chair"), mail(2, "Re: The chair"), mail(3, "RE: AW: the chair"), mail(4, null), mail(5, "The table")], day);
    expect(drawn.map((line) => line.subject)).toEqual(["The chair", null, null, null, "The table"]);
    expect(drawn[4]?.grouped).toBe(false);
  });

  it("begins a new day with a line and without grouping", () => {
    const drawn = lines([message(1, { at: 86_399_000_000 }), message(2, { at: 86_401_000_000 })], day);
    expect(drawn.map((line) => [line.day, line.grouped, line.last])).toEqual([[true, false, true], [true, false, true]]);
  });
});

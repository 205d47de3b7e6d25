import { describe, expect, it } from "vitest";
import { channelName, listed, nameOf, partyName } from "../src/i18n";
import { tell } from "../src/i18n/tell";
import { addressOf } from "../src/pure/address";
import { fold } from "../src/pure/quote";
import { aheadOf, atField, dayLine, dayOf, dueBy, farOf, fieldOf, momentOf, sizeOf, timeIn, wakeAt } from "../src/pure/time";
import { hashOf, placeOf, type Place } from "../src/store/place";
import { event, row } from "./made";

const micros = (...parts: [number, number, number, number?, number?]) => new Date(...(parts as [number, number, number])).getTime() * 1000;

describe("names", () => {
  it("calls a nameless visitor by number", () => {
    expect(nameOf(row("a", { number: 1042, contact: { id: "k", name: " " } }))).toBe("Visitor 1042");
    expect(partyName({ id: null, name: "", kind: "customer" })).toBe("Visitor");
    expect(partyName({ id: null, name: "", kind: "system" })).toBe("Throughline");
  });

  it("knows a channel by a part of its configured name, and shows the name otherwise", () => {
    expect([channelName("webchat"), channelName("support-mail"), channelName("carrier-pigeon")]).toEqual(["website chat", "email", "carrier-pigeon"]);
  });

  it("lists people", () => {
    expect([listed(["A"]), listed(["A", "B"]), listed(["A", "B", "C"])]).toEqual(["A", "A and B", "A, B and C"]);
  });

  it("tells an event in one line, also one it has never heard of", () => {
    expect(tell(event("e", 0, { name: "handed_over", payload: { to: { id: "a", name: "Sara" }, reason: "knows it" } }))).toEqual({ actor: "Mikko", after: " handed this over to Sara", reason: "knows it", to: null });
    expect(tell(event("e", 0, { name: "resolved", payload: { category: "c1" } }), { categories: [{ id: "c1", name: "Bugs" }] }).after).toBe(" resolved this as Bugs");
    expect(tell(event("e", 0, { name: "brand_new" })).after).toBe(" · brand new");
  });
});

describe("quoted mail", () => {
  it("folds the quoted tail with its introduction and loses nothing", () => {
    const text = "Thanks!\n\nOn Fri, 21 Nov 2025 Sara wrote:\n> one\n> two\n> three";
    const folded = fold(text);
    expect([folded.shown, folded.lines]).toEqual(["Thanks!", 4]);
    expect(text.endsWith(folded.hidden)).toBe(true);
  });

  it("leaves answers between the lines, short quotes and quotes without an answer alone", () => {
    for (const text of ["> a\n> b\n> c\nYes to all.", "Fine\n> ok", "> only\n> a\n> quote", "no quote at all", ""]) expect(fold(text)).toEqual({ shown: text, hidden: "", lines: 0 });
  });
});

describe("time", () => {
  it("wakes in an hour, tomorrow at nine, next Monday at nine", () => {
    const saturday = micros(2026, 10, 21, 20, 30);
    expect(wakeAt("hour", saturday) - saturday).toBe(3_600_000_000);
    expect(wakeAt("tomorrow", saturday)).toBe(micros(2026, 10, 22, 9));
    expect(wakeAt("monday", saturday)).toBe(micros(2026, 10, 23, 9));
    expect(wakeAt("monday", micros(2026, 10, 23, 8))).toBe(micros(2026, 10, 30, 9));
  });

  it("says a moment of today by its hour alone", () => {
    const now = micros(2026, 10, 21, 20, 30);
    expect([momentOf(micros(2026, 10, 21, 23, 47), now), momentOf(micros(2026, 10, 23, 9), now)]).toEqual(["23:47", "23 Nov 09:00"]);
  });

  it("is due at five, or on Monday at noon, and never in the past", () => {
    const saturday = micros(2026, 10, 21, 18);
    expect([dueBy("today", saturday), dueBy("today", micros(2026, 10, 21, 9))]).toEqual([null, micros(2026, 10, 21, 17)]);
    expect([dueBy("tomorrow", saturday), dueBy("threeDays", saturday), dueBy("monday", saturday)]).toEqual([micros(2026, 10, 22, 17), micros(2026, 10, 24, 17), micros(2026, 10, 23, 12)]);
  });

  it("goes through a field for day and time unharmed", () => {
    expect(fieldOf(micros(2026, 0, 5, 7, 3))).toBe("2026-01-05T07:03");
    expect(atField("2026-01-05T07:03")).toBe(micros(2026, 0, 5, 7, 3));
    expect([atField(""), atField("2026-01"), atField("2026-99-99T99:99")]).toEqual([null, null, null]);
  });

  it("says how far away a moment is, either way", () => {
    const hour = 3_600_000_000;
    expect([farOf(0, 12 * 60_000_000), farOf(3 * hour, 0), farOf(0, 72 * hour)]).toEqual(["12 min", "3 h", "3 days"]);
  });

  it("knows the time elsewhere and how far ahead it is", () => {
    const noon = Date.UTC(2026, 10, 21, 12) * 1000;
    expect([timeIn("Europe/Helsinki", noon), timeIn("Asia/Kolkata", noon), timeIn("Not/AZone", noon)]).toEqual(["14:00", "17:30", null]);
    expect([aheadOf("Asia/Kolkata", noon, "Europe/Helsinki"), aheadOf("America/New_York", noon, "UTC"), aheadOf("UTC", noon, "UTC"), aheadOf("Not/AZone", noon)]).toEqual([3.5, -5, 0, null]);
  });

  it("names days", () => {
    const words = { today: "Today", yesterday: "Yesterday" };
    const now = micros(2026, 10, 21, 1);
    expect([dayLine(now, now, words), dayLine(micros(2026, 10, 20, 23, 59), now, words), dayLine(micros(2026, 10, 3, 12), now, words), dayLine(micros(2025, 10, 3, 12), now, words)])
      .toEqual(["Today", "Yesterday", "Tuesday, 3 Nov", "Monday, 3 Nov 2025"]);
    expect(dayOf(micros(2026, 0, 5, 0, 1))).toBe("2026-01-05");
  });

  it("sizes files", () => {
    expect([sizeOf(940), sizeOf(12_400), sizeOf(3_440_000)]).toEqual(["940 B", "12 kB", "3.4 MB"]);
  });
});

describe("addresses", () => {
  it("takes mail and international phone numbers as people type them", () => {
    expect([addressOf(" aino@example.fi "), addressOf("+358 40 123-4567"), addressOf("0044 (20) 7946 0000"), addressOf(" ")]).toEqual([
      "mailto:aino@example.fi", "tel:+358401234567", "tel:+442079460000", null,
    ]);
    expect([addressOf("040 1234567"), addressOf("aino"), addressOf("a@b")]).toEqual([undefined, undefined, undefined]);
  });

  it("finds its way by the address bar", () => {
    const place: Place = { shelf: "all", filters: { tag: "a&b", q: "päivää 你好" }, open: "a/b c", card: true, admin: null };
    expect(placeOf(hashOf(place))).toEqual(place);
    const start: Place = { shelf: "mine", filters: {}, open: null, card: false, admin: null };
    expect(placeOf("")).toEqual(start);
    expect(placeOf("#/nonsense/%E0%A4%A")).toEqual(start);
    expect(placeOf("#/team:7/x?priority=9&sort=due&hack=1")).toEqual({ ...start, shelf: "team:7", filters: { sort: "due" }, open: "x" });
    expect(placeOf("#/people/7").admin).toBe("people");
  });
});

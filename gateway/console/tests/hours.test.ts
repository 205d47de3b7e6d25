import { describe, expect, it } from "vitest";
import type { Span } from "../src/api/types";
import {
  cityOf, clockOf, copyDay, emptyWeek, formOf, hoursOf, isZone, localOf, minutesOf, nextSpan, standingAt, tidy, usualHours, wrongsOf, zones, zonesLike, type HoursForm,
} from "../src/pure/hours";

const at = (text: string) => Date.parse(text) * 1000;
const form = (week: Partial<HoursForm["week"]>, holidays: HoursForm["holidays"] = [], zone = "Europe/Helsinki"): HoursForm => ({ zone, week: { ...emptyWeek(), ...week }, holidays });

describe("a time as it is typed", () => {
  it("understands what people write", () => {
    const typed = ["9", "9:30", "09.30", "0930", "5pm", "12am", "12 pm", "24:00", "24", "0", "17h"];
    expect(typed.map(minutesOf)).toEqual([540, 570, 570, 570, 1020, 0, 720, 1440, 1440, 0, 1020]);
  });

  it("refuses what is no time, and leaves it as it was written", () => {
    expect(["", "x", "25", "9:60", "24:01", "13pm", "0am", "-1", "9:5"].map(minutesOf)).toEqual(Array(9).fill(null));
    expect([tidy("9"), tidy("nine"), clockOf(1440)]).toEqual(["09:00", "nine", "24:00"]);
  });
});

describe("what is wrong", () => {
  it("names the place and the reason", () => {
    const wrongs = wrongsOf(form(
      { mon: [["09:00", "12:00"], ["11", "14"]], tue: [["17:00", "09:00"]], wed: [["x", "17:00"], ["9:00", ""]], thu: [["", ""]], fri: [["24:00", "24:00"]], sun: [["00:00", "24:00"]] },
      [{ date: "2026-12-24", spans: [["12", "9"]] }, { date: "2026-12-24", spans: [] }, { date: "", spans: [] }, { date: "2026-02-30", spans: [] }],
      "Mars/Olympus",
    ));
    expect(wrongs).toEqual({
      zone: { kind: "zone" }, "mon.1": { kind: "overlap", with: ["09:00", "12:00"] }, "tue.0": { kind: "order" }, "wed.0": { kind: "from" }, "wed.1": { kind: "to" },
      "thu.0": { kind: "empty" }, "fri.0": { kind: "from" }, "holiday.0.0": { kind: "order" }, "holiday.1": { kind: "twice" }, "holiday.2": { kind: "date" }, "holiday.3": { kind: "date" },
    });
  });

  it("lets spans touch and a day end at midnight", () => {
    expect(wrongsOf(form({ mon: [["12:00", "24:00"], ["09:00", "12:00"]] }))).toEqual({});
  });
});

describe("what is sent", () => {
  it("is tidy, in order, without closed days, and comes back the same", () => {
    const sent = hoursOf(form({ mon: [["13", "17"], ["9", "12.30"]] }, [{ date: "2026-12-25", spans: [] }, { date: "2026-12-24", spans: [["9", "12"]] }]));
    expect(sent).toEqual({ zone: "Europe/Helsinki", week: { mon: [["09:00", "12:30"], ["13:00", "17:00"]] }, holidays: { "2026-12-24": [["09:00", "12:00"]], "2026-12-25": [] } });
    expect(Object.keys(sent.holidays)).toEqual(["2026-12-24", "2026-12-25"]);
    expect(hoursOf(formOf(sent))).toEqual(sent);
  });

  it("copies a day without tying the days together", () => {
    const week = copyDay({ ...emptyWeek(), mon: [["08:00", "16:00"]] }, "mon", ["tue", "wed"]);
    (week.tue[0] as Span)[0] = "07:00";
    expect([week.mon, week.wed, week.thu]).toEqual([[["08:00", "16:00"]], [["08:00", "16:00"]], []]);
  });

  it("proposes the next times of a day", () => {
    expect([nextSpan([]), nextSpan([["09:00", "12:00"]]), nextSpan([["09:00", "21:00"]]), nextSpan([["09:00", "24:00"]])])
      .toEqual([["09:00", "17:00"], ["13:00", "17:00"], ["22:00", "24:00"], ["", ""]]);
  });
});

describe("whether somebody is there", () => {
  const week = form({ mon: [["09:00", "12:00"], ["13:00", "17:00"]], fri: [["09:00", "24:00"]], sat: [["00:00", "02:00"]] });

  it("is open in a span and closed between two", () => {
    expect(standingAt(week, at("2026-11-23T07:30:00Z"))).toEqual({ open: true, next: { date: "2026-11-23", minutes: 720, inDays: 0 } });
    expect(standingAt(week, at("2026-11-23T10:30:00Z"))).toEqual({ open: false, next: { date: "2026-11-23", minutes: 780, inDays: 0 } });
    expect(standingAt(week, at("2026-11-23T15:00:00Z"))).toEqual({ open: false, next: { date: "2026-11-27", minutes: 540, inDays: 4 } });
  });

  it("goes on past midnight", () => {
    expect(standingAt(week, at("2026-11-27T20:00:00Z"))).toEqual({ open: true, next: { date: "2026-11-28", minutes: 120, inDays: 1 } });
  });

  it("puts a holiday in the place of the weekday", () => {
    const closed = { ...week, holidays: [{ date: "2026-11-23", spans: [] as Span[] }] };
    expect(standingAt(closed, at("2026-11-23T07:30:00Z"))).toEqual({ open: false, next: { date: "2026-11-27", minutes: 540, inDays: 4 } });
    const short = { ...week, holidays: [{ date: "2026-11-23", spans: [["10:00", "11:00"]] as Span[] }] };
    expect(standingAt(short, at("2026-11-23T07:30:00Z"))).toEqual({ open: false, next: { date: "2026-11-23", minutes: 600, inDays: 0 } });
  });

  it("knows around the clock and never", () => {
    const always: Span[] = [["00:00", "24:00"]];
    expect(standingAt(form({ mon: always, tue: always, wed: always, thu: always, fri: always, sat: always, sun: always }), at("2026-11-23T07:30:00Z"))).toEqual({ open: true, next: null });
    expect(standingAt(form({}), at("2026-11-23T07:30:00Z"))).toEqual({ open: false, next: null });
  });

  it("takes the wall clock of the zone, also when it changes", () => {
    expect(localOf("Europe/Helsinki", at("2026-03-29T00:59:00Z")).minutes).toBe(179);
    expect(localOf("Europe/Helsinki", at("2026-03-29T01:00:00Z")).minutes).toBe(240);
    expect(localOf("Asia/Kolkata", at("2026-11-22T20:00:00Z"))).toEqual({ date: "2026-11-23", minutes: 90 });
  });

  it("does not count what is wrong", () => {
    expect(standingAt(form({ mon: [["17:00", "09:00"]] }), at("2026-11-23T07:30:00Z")).open).toBe(false);
  });
});

describe("zones", () => {
  it("finds a city by any word, without accents, the city's beginning first", () => {
    const all = zones();
    expect(all).toContain("UTC");
    expect(zonesLike("hels", all)[0]).toBe("Europe/Helsinki");
    expect(zonesLike("new york", all)).toEqual(["America/New_York"]);
    expect(zonesLike("São", all).some((zone) => zone === "America/Sao_Paulo")).toBe(true);
    expect(zonesLike("nowhere at all", all)).toEqual([]);
    expect([cityOf("America/Argentina/Buenos_Aires"), isZone("Europe/Helsinki"), isZone(""), isZone("x")]).toEqual(["Buenos Aires", true, false, false]);
  });

  it("begins with office hours", () => {
    expect(hoursOf(usualHours("UTC")).week).toEqual(Object.fromEntries(["mon", "tue", "wed", "thu", "fri"].map((day) => [day, [["09:00", "17:00"]]])));
  });
});

// Opening hours: what a person types, what is wrong with it, and whether somebody is there at a moment. Minutes count from midnight, 1440 ends a day.
import type { Day, Hours, Span } from "../api/types";

export const days: readonly Day[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
export type Week = Record<Day, Span[]>;

export interface Holiday {
  date: string;
  spans: Span[];
}

/** Hours while they are edited: every day is there, holidays are in the order they were written, times are as typed. */
export interface HoursForm {
  zone: string;
  week: Week;
  holidays: Holiday[];
}

/** What is wrong with one span, date or zone. `with` is the other span. */
export type Wrong =
  | { kind: "from" | "to" | "order" | "empty" | "date" | "twice" | "zone" }
  | { kind: "overlap"; with: Span };

/** Where and what: keys are `zone`, `mon.0`, `holiday.2` (its date) and `holiday.2.0` (a span of it). */
export type Wrongs = Readonly<Record<string, Wrong>>;

const DAY = 1440;

/** Minutes of what somebody typed: `9`, `9.30`, `0930`, `17:00`, `5pm`, `24:00`. Null when it is not a time. */
export function minutesOf(typed: string): number | null {
  const text = typed.trim().toLowerCase().replace(/\s+/g, "");
  const found = /^(\d{1,2})(?:[:.h]?(\d{2}))?(am|pm)?$/.exec(text) ?? /^(\d{1,2})h$/.exec(text);
  if (!found) return null;
  let hour = Number(found[1]);
  const minute = Number(found[2] ?? 0);
  const half = found[3];
  if (half && (hour < 1 || hour > 12)) return null;
  if (half) hour = (hour % 12) + (half === "pm" ? 12 : 0);
  const minutes = hour * 60 + minute;
  return minute < 60 && minutes <= DAY ? minutes : null;
}

/** `09:00`; the end of a day is `24:00`. */
export function clockOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** What was typed in its usual form, or as it is when it is no time. */
export function tidy(typed: string): string {
  const minutes = minutesOf(typed);
  return minutes === null ? typed : clockOf(minutes);
}

export const emptyWeek = (): Week => ({ mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] });

/** Monday to Friday from nine to five: what most begin with. */
export function usualHours(zone: string): HoursForm {
  const week = emptyWeek();
  for (const day of days.slice(0, 5)) week[day] = [["09:00", "17:00"]];
  return { zone, week, holidays: [] };
}

export function formOf(hours: Hours): HoursForm {
  const week = emptyWeek();
  for (const day of days) week[day] = (hours.week[day] ?? []).map(([from, to]) => [from, to]);
  const holidays = Object.entries(hours.holidays ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return { zone: hours.zone, week, holidays: holidays.map(([date, spans]) => ({ date, spans: spans.map(([from, to]): Span => [from, to]) })) };
}

const startOf = (span: Span) => minutesOf(span[0]) ?? 0;
const inOrder = (spans: readonly Span[]): Span[] => spans.map(([from, to]): Span => [tidy(from), tidy(to)]).sort((a, b) => startOf(a) - startOf(b));

/** What is sent: spans by time, days without any left out. Only for a form without wrongs. */
export function hoursOf(form: HoursForm): Hours {
  const week: Hours["week"] = {};
  for (const day of days) if (form.week[day].length) week[day] = inOrder(form.week[day]);
  const dates = [...form.holidays].sort((a, b) => (a.date < b.date ? -1 : 1));
  return { zone: form.zone, week, holidays: Object.fromEntries(dates.map((one) => [one.date, inOrder(one.spans)])) };
}

function spanWrong(span: Span): Wrong | null {
  const [from, to] = [minutesOf(span[0]), minutesOf(span[1])];
  if (!span[0].trim() && !span[1].trim()) return { kind: "empty" };
  if (from === null || from === DAY) return { kind: "from" };
  if (to === null) return { kind: "to" };
  return to <= from ? { kind: "order" } : null;
}

function spansWrong(spans: readonly Span[], place: string, into: Record<string, Wrong>): void {
  spans.forEach((span, index) => {
    const wrong = spanWrong(span);
    if (wrong) {
      into[`${place}.${index}`] = wrong;
      return;
    }
    const [from, to] = [startOf(span), minutesOf(span[1]) ?? 0];
    const other = spans.slice(0, index).find((one) => !spanWrong(one) && startOf(one) < to && from < (minutesOf(one[1]) ?? 0));
    if (other) into[`${place}.${index}`] = { kind: "overlap", with: [tidy(other[0]), tidy(other[1])] };
  });
}

/** True for a day that exists, as `2026-12-24`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

export function wrongsOf(form: HoursForm): Wrongs {
  const found: Record<string, Wrong> = {};
  if (!isZone(form.zone)) found.zone = { kind: "zone" };
  for (const day of days) spansWrong(form.week[day], day, found);
  form.holidays.forEach((holiday, index) => {
    const place = `holiday.${index}`;
    if (!isDate(holiday.date)) found[place] = { kind: "date" };
    else if (form.holidays.slice(0, index).some((one) => one.date === holiday.date)) found[place] = { kind: "twice" };
    spansWrong(holiday.spans, place, found);
  });
  return found;
}

/** What is wrong while somebody still writes: without what is only not filled in yet. */
export function unfinished(form: HoursForm): Wrongs {
  const written = (place: string, wrong: Wrong) => wrong.kind !== "empty" && !(wrong.kind === "date" && form.holidays[Number(place.split(".")[1])]?.date === "");
  return Object.fromEntries(Object.entries(wrongsOf(form)).filter(([place, wrong]) => written(place, wrong)));
}

/** The same spans on other days. */
export function copyDay(week: Week, from: Day, to: readonly Day[]): Week {
  const next = { ...week };
  for (const day of to) next[day] = week[from].map(([start, end]): Span => [start, end]);
  return next;
}

/** One more span for a day: after lunch, or after the last one, and never past midnight. */
export function nextSpan(spans: readonly Span[]): Span {
  const last = inOrder(spans).at(-1);
  const end = last ? minutesOf(last[1]) : null;
  if (!last || end === null) return ["09:00", "17:00"];
  const from = Math.min(end + 60, DAY - 60);
  return end >= DAY - 60 ? ["", ""] : [clockOf(from), clockOf(Math.min(from + 240, DAY))];
}

// -- zones ------------------------------------------------------------------------------------------------------------------------------------

export function isZone(zone: string): boolean {
  try {
    return Boolean(zone) && Boolean(new Intl.DateTimeFormat("en", { timeZone: zone }));
  } catch {
    return false;
  }
}

/** Browsers list some zones by names that nobody looks for any more. */
const renamed: Readonly<Record<string, string>> = {
  "Asia/Calcutta": "Asia/Kolkata", "Asia/Saigon": "Asia/Ho_Chi_Minh", "Asia/Katmandu": "Asia/Kathmandu", "Asia/Rangoon": "Asia/Yangon", "Europe/Kiev": "Europe/Kyiv",
  "America/Buenos_Aires": "America/Argentina/Buenos_Aires", "America/Godthab": "America/Nuuk", "America/Indianapolis": "America/Indiana/Indianapolis", "Atlantic/Faeroe": "Atlantic/Faroe", "Africa/Asmera": "Africa/Asmara",
};

/** Every zone this browser knows, and UTC. */
export function zones(): string[] {
  const known = Intl.supportedValuesOf("timeZone").map((zone) => renamed[zone] ?? zone);
  return [...new Set(["UTC", ...known])].sort();
}

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[_/\s-]+/g, " ").trim();

/** Zones that hold every word, those whose city begins with it first. */
export function zonesLike(words: string, all: readonly string[]): string[] {
  const wanted = plain(words);
  if (!wanted) return [...all];
  const parts = wanted.split(" ");
  const rank = (zone: string) => (plain(zone.split("/").at(-1) ?? "").startsWith(wanted) ? 0 : 1);
  return all.filter((zone) => parts.every((part) => plain(zone).includes(part))).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** `Helsinki` of `Europe/Helsinki`. */
export const cityOf = (zone: string) => (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");

// -- when -------------------------------------------------------------------------------------------------------------------------------------

interface Local {
  date: string;
  minutes: number;
}

/** The date and the minute on the wall in a zone. `at` in microseconds. */
export function localOf(zone: string, at: number): Local {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(at / 1000);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "0";
  return { date: `${of("year")}-${of("month")}-${of("day")}`, minutes: Number(of("hour")) * 60 + Number(of("minute")) };
}

function plusDays(date: string, count: number): string {
  const at = new Date(`${date}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + count);
  return at.toISOString().slice(0, 10);
}

const dayOf = (date: string): Day => days[(new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7] as Day;

function spansOn(form: HoursForm, date: string): [number, number][] {
  const holiday = form.holidays.find((one) => one.date === date);
  const spans = (holiday?.spans ?? form.week[dayOf(date)]).filter((span) => !spanWrong(span));
  return spans.map(([from, to]): [number, number] => [minutesOf(from) ?? 0, minutesOf(to) ?? 0]).sort((a, b) => a[0] - b[0]);
}

/** Open, with the day and minute it ends (null: it goes on for weeks); or closed, with when it opens (null: not within a year). */
export interface Standing {
  open: boolean;
  next: { date: string; minutes: number; inDays: number } | null;
}

const FAR = 366;

/** How a team stands at a moment (microseconds). Spans that are wrong count as not written. */
export function standingAt(form: HoursForm, at: number): Standing {
  const local = localOf(form.zone, at);
  const now = spansOn(form, local.date).find(([from, to]) => from <= local.minutes && local.minutes < to);
  if (!now) {
    for (let ahead = 0; ahead <= FAR; ahead++) {
      const date = plusDays(local.date, ahead);
      const first = spansOn(form, date).find(([from]) => ahead > 0 || from > local.minutes);
      if (first) return { open: false, next: { date, minutes: first[0], inDays: ahead } };
    }
    return { open: false, next: null };
  }
  let [ahead, end] = [0, now[1]];
  for (;;) {
    const on = end === DAY ? spansOn(form, plusDays(local.date, ahead + 1)).find(([from]) => from === 0) : spansOn(form, plusDays(local.date, ahead)).find(([from]) => from === end);
    if (!on) return { open: true, next: { date: plusDays(local.date, ahead), minutes: end, inDays: ahead } };
    if (end === DAY) ahead += 1;
    end = on[1];
    if (ahead > 14) return { open: true, next: null };
  }
}

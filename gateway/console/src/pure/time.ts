// Moments as people read them, in the browser's zone. Microseconds in.

const LOCALE = "en-GB";
const time = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit" });
const dayMonth = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short" });
const dayMonthYear = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", year: "numeric" });
const weekday = new Intl.DateTimeFormat(LOCALE, { weekday: "long" });
const full = new Intl.DateTimeFormat(LOCALE, { dateStyle: "full", timeStyle: "short" });

const dateOf = (at: number) => new Date(at / 1000);

/** `2026-11-21`: the local day, for comparing. */
export function dayOf(at: number): string {
  const date = dateOf(at);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
}

function daysBetween(at: number, now: number): number {
  const midnight = (moment: number) => dateOf(moment).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(at)) / 86_400_000);
}

/** `14:02` */
export const hourOf = (at: number) => time.format(dateOf(at));

/** The whole moment, for a tooltip. */
export const fullOf = (at: number) => full.format(dateOf(at));

/** `14:02` today, `Tuesday` within the week, `3 Nov`, `3 Nov 2025`. */
export function shortOf(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days <= 0 && days > -1) return hourOf(at);
  if (days > 0 && days < 7) return weekday.format(dateOf(at)).slice(0, 3);
  return dateOf(at).getFullYear() === dateOf(now).getFullYear() ? dayMonth.format(dateOf(at)) : dayMonthYear.format(dateOf(at));
}

/** `14:02` today, `23 Nov 09:00` otherwise. */
export function momentOf(at: number, now: number): string {
  const day = shortOf(at, now);
  const hour = hourOf(at);
  return day === hour ? hour : `${day} ${hour}`;
}

/** The heading of a day: today and yesterday in the caller's words. */
export function dayLine(at: number, now: number, words: { today: string; yesterday: string }): string {
  const days = daysBetween(at, now);
  if (days === 0) return words.today;
  if (days === 1) return words.yesterday;
  const date = dateOf(at);
  const sameYear = date.getFullYear() === dateOf(now).getFullYear();
  return `${weekday.format(date)}, ${(sameYear ? dayMonth : dayMonthYear).format(date)}`;
}

export type Nap = "hour" | "later" | "tomorrow" | "monday";

function dayAt(now: number, days: number, hour: number): number {
  const date = dateOf(now);
  date.setDate(date.getDate() + days);
  date.setHours(hour, 0, 0, 0);
  return date.getTime() * 1000;
}

const toMonday = (now: number) => (8 - dateOf(now).getDay()) % 7 || 7;

/** When a snooze ends: in one hour or three, tomorrow at nine, next Monday at nine. Local time. */
export function wakeAt(nap: Nap, now: number): number {
  if (nap === "hour") return now + 3_600_000_000;
  if (nap === "later") return now + 3 * 3_600_000_000;
  return dayAt(now, nap === "tomorrow" ? 1 : toMonday(now), 9);
}

export type Term = "today" | "tomorrow" | "threeDays" | "monday";

/** When something is due: today, tomorrow or in three days at five, next Monday at noon; null when that is past. Local time. */
export function dueBy(term: Term, now: number): number | null {
  const at = term === "monday" ? dayAt(now, toMonday(now), 12) : dayAt(now, { today: 0, tomorrow: 1, threeDays: 3 }[term], 17);
  return at > now ? at : null;
}

/** `2026-11-21T14:05`, as a field for date and time holds it; and back, null while it is incomplete. */
export const fieldOf = (at: number) => `${dayOf(at)}T${hourOf(at)}`;
export function atField(value: string): number | null {
  const parsed = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) ? new Date(value).getTime() : NaN;
  return Number.isNaN(parsed) ? null : parsed * 1000;
}

/** `12 min`, `3 h`, `2 days`: how far away a moment is, in one figure. */
export function farOf(at: number, now: number): string {
  const minutes = Math.round(Math.abs(at - now) / 60_000_000);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h`;
  return `${Math.round(minutes / 1440)} days`;
}

/** `14:02` in another zone; null for a zone this browser does not know. */
export function timeIn(zone: string, at: number): string | null {
  try {
    return new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(dateOf(at));
  } catch {
    return null;
  }
}

function offsetOf(zone: string | undefined, at: number): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", hourCycle: "h23", ...(zone ? { timeZone: zone } : {}),
  }).formatToParts(dateOf(at));
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
}

/** By how many hours that zone is ahead of `home` (the browser's own); null for a zone this browser does not know. */
export function aheadOf(zone: string, at: number, home?: string): number | null {
  try {
    return (offsetOf(zone, at) - offsetOf(home, at)) / 3_600_000;
  } catch {
    return null;
  }
}

/** `940 B`, `12 kB`, `3.4 MB` */
export function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

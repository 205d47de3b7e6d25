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

export type Nap = "hour" | "tomorrow" | "monday";

/** When a snooze ends: in an hour, tomorrow at nine, next Monday at nine. Local time. */
export function wakeAt(nap: Nap, now: number): number {
  const date = dateOf(now);
  if (nap === "hour") return now + 3_600_000_000;
  const days = nap === "tomorrow" ? 1 : (8 - date.getDay()) % 7 || 7;
  date.setDate(date.getDate() + days);
  date.setHours(9, 0, 0, 0);
  return date.getTime() * 1000;
}

/** `940 B`, `12 kB`, `3.4 MB` */
export function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

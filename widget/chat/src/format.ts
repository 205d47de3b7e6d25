/** Times and sizes in the visitor's language; no library, the browser knows how. */

const cached = new Map<string, unknown>();

function once<T>(key: string, make: () => T): T {
  if (!cached.has(key)) cached.set(key, make());
  return cached.get(key) as T;
}

/** "14:02" of a time in milliseconds. */
export const clock = (tag: string, at: number): string =>
  once("clock" + tag, () => new Intl.DateTimeFormat(tag, { hour: "numeric", minute: "2-digit" })).format(at);

const noon = (time: number): number => new Date(time).setHours(12, 0, 0, 0);

/** "Today", "Yesterday", or the date, with the year when it is not this one. */
export function day(tag: string, at: number, now: number): string {
  const ago = Math.round((noon(now) - noon(at)) / 86_400_000);
  if (ago <= 1) {
    const text = once("ago" + tag, () => new Intl.RelativeTimeFormat(tag, { numeric: "auto" })).format(-Math.max(0, ago), "day");
    return text.charAt(0).toLocaleUpperCase(tag) + text.slice(1);
  }
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? {} : { year: "numeric" as const };
  return new Intl.DateTimeFormat(tag, { weekday: "long", day: "numeric", month: "long", ...year }).format(at);
}

/** When something begins again: "09:00" today, "Monday 09:00" within six days, "12 January 09:00" later; in the visitor's own time zone. */
export function opening(tag: string, at: number, now: number): string {
  const days = Math.round((noon(at) - noon(now)) / 86_400_000);
  const date = days < 1 ? {} : days < 7 ? { weekday: "long" as const } : { day: "numeric" as const, month: "long" as const };
  return new Intl.DateTimeFormat(tag, { hour: "numeric", minute: "2-digit", ...date }).format(at);
}

/** "12 kB" of a number of bytes, in decimal units. */
export function size(tag: string, bytes: number): string {
  const [unit, value] = bytes < 1000 ? ["byte", bytes] : bytes < 999_500 ? ["kilobyte", bytes / 1000] : ["megabyte", bytes / 1_000_000];
  const digits = unit === "megabyte" && (value as number) < 10 ? 1 : 0;
  const format = { style: "unit", unit: unit as string, unitDisplay: "short", maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(tag, format).format(value as number);
}

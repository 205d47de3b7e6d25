// How long somebody has waited, as a clock and as a mood. Amber at 75 % of the target, red at 100 %.

export type Mood = "calm" | "soon" | "late";

/** Five minutes, in microseconds. */
export const TARGET = 300_000_000;

export interface Wait {
  clock: string;
  mood: Mood;
  /** 0 at the start, 1 when the target is reached, and on. */
  share: number;
}

/** `3:07` under an hour, `2 h 05` under a day, then `3 d 4 h`. Seconds in; never negative. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 3600) return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  const hours = Math.floor(whole / 3600);
  if (hours < 24) return `${hours} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")}`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** The wait at `now`; null when nobody waits. All in microseconds. */
export function waitAt(since: number | null, now: number, target: number = TARGET): Wait | null {
  if (since === null) return null;
  const waited = Math.max(0, now - since);
  const share = waited / target;
  return { clock: clock(waited / 1_000_000), share, mood: share >= 1 ? "late" : share >= 0.75 ? "soon" : "calm" };
}

// How near a due moment is: the same three moods as a wait. Microseconds in.
import type { Mood } from "./wait";

/** An hour before it is due it is soon. */
export const SOON = 3_600_000_000;

export function dueOf(due: number, now: number): Mood {
  if (due <= now) return "late";
  return due - now <= SOON ? "soon" : "calm";
}

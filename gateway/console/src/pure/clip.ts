// A message may be a novel, or one letter under a hundred thousand accents. It is shown in part until somebody asks for all of it.

const MOST = 4000;
const MOST_LINES = 60;
/** Accents that pile up on one letter; no script needs more. */
const pile = /(\p{M}{8})\p{M}+/gu;

export interface Clipped {
  shown: string;
  /** Code points in the whole text; null when all of it is shown. */
  whole: number | null;
}

const count = (text: string) => {
  let points = 0;
  for (const _ of text) points++;
  return points;
};

/** The beginning of a long text, cut between letters and never inside one. */
export function clipped(text: string): Clipped {
  let cut = text.length > MOST ? MOST : text.length;
  for (let line = 0, at = -1; line < MOST_LINES; line++) {
    at = text.indexOf("\n", at + 1);
    if (at < 0) break;
    if (line === MOST_LINES - 1) cut = Math.min(cut, at);
  }
  const begin = cut < text.length ? text.slice(0, /[\ud800-\udbff]/.test(text[cut - 1] ?? "") ? cut - 1 : cut) : text;
  const shown = begin.replace(pile, "$1");
  return shown === text ? { shown, whole: null } : { shown, whole: count(text) };
}

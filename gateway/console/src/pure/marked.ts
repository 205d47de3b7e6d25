// A snippet's text cut at its placeholders, with those nobody knows told apart and the nearest known name for them.

export interface Piece {
  text: string;
  /** Null for plain text; otherwise the placeholder's name, without what follows a colon. */
  name: string | null;
  known: boolean;
}

const shape = /\{([\p{L}][\p{L}\p{N}_.-]{0,39})(?::[^{}\n]{0,80})?\}/gu;

/** `text` in pieces; `known` are the placeholders' names. */
export function pieces(text: string, known: ReadonlySet<string>): Piece[] {
  const out: Piece[] = [];
  let end = 0;
  for (const found of text.matchAll(shape)) {
    if (found.index > end) out.push({ text: text.slice(end, found.index), name: null, known: true });
    const name = found[1] as string;
    out.push({ text: found[0], name, known: known.has(found[0].slice(1, -1)) });
    end = found.index + found[0].length;
  }
  if (end < text.length) out.push({ text: text.slice(end), name: null, known: true });
  return out;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

const bare = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** The known name that was probably meant, or null when none is near. */
export function nearest(name: string, known: readonly string[]): string | null {
  const wanted = bare(name);
  const ranked = known.map((one) => ({ one, far: distance(wanted, bare(one)) })).sort((a, b) => a.far - b.far);
  const best = ranked[0];
  if (best && best.far <= Math.max(2, Math.floor(wanted.length / 3))) return best.one;
  return wanted.length > 3 ? known.find((one) => bare(one).includes(wanted) || wanted.includes(bare(one))) ?? null : null;
}

// Finding a snippet while writing: what was typed to ask for one, and which fit.
import type { Snippet } from "../api/types";

export interface Trigger {
  /** Where the mark stands in the text; it and what follows up to the cursor are replaced. */
  from: number;
  query: string;
}

/** `;greet` or `/greet` right before the cursor, at the beginning or after white space; the first also right after a sentence. */
export function triggerAt(text: string, cursor: number): Trigger | null {
  const found = /(?:(?:^|\s)[;/]|[.!?,];)([\p{L}\p{N}_-]{0,40})$/u.exec(text.slice(Math.max(0, cursor - 60), cursor));
  if (!found) return null;
  const query = found[1] as string;
  return { from: cursor - query.length - 1, query };
}

const folded = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function rank(snippet: Snippet, words: readonly string[]): number {
  const name = folded(snippet.name);
  const text = folded(snippet.text);
  let worst = 0;
  for (const word of words) {
    const place = name.startsWith(word) ? 0 : name.includes(word) ? 1 : text.includes(word) ? 2 : 3;
    worst = Math.max(worst, place);
  }
  return worst;
}

/** Those in which every word occurs: by the name's beginning, then within the name, then in the text. */
export function fitting(snippets: readonly Snippet[], query: string): Snippet[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  return snippets
    .map((snippet, place) => ({ snippet, place, rank: rank(snippet, words) }))
    .filter((one) => one.rank < 3)
    .sort((a, b) => a.rank - b.rank || a.place - b.place)
    .map((one) => one.snippet);
}

/** The words as they go in there: not stuck to a word or full stop before them. */
export function spaced(text: string, from: number, filled: string): string {
  return from > 0 && /\S/.test(text[from - 1] as string) && !/^[\s.,;:!?)]/.test(filled) ? ` ${filled}` : filled;
}

/** The text with `filled` put between `from` and `to`, and where the cursor stands then. */
export function inserted(text: string, from: number, to: number, filled: string): { text: string; cursor: number } {
  return { text: text.slice(0, from) + filled + text.slice(to), cursor: from + filled.length };
}

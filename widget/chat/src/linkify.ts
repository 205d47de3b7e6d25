/** Finds what may be clicked in a message. Only http, https and mailto; everything else stays text. */

export interface Piece {
  text: string;
  href: string | null;
}

// Stops at white space, quotes, angle brackets and bidirectional controls, which could make an address look like another.
const FOUND = /(?:https?:\/\/|www\.|mailto:)[^\s<>"'`\u200e\u200f\u202a-\u202e\u2066-\u2069]+|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/gi;

/** `found` without the punctuation that belongs to the sentence around it. */
function trimmed(found: string): string {
  let end = found.length;
  while (end > 0) {
    const last = found[end - 1] as string;
    const head = found.slice(0, end);
    const unbalanced = last === ")" && head.split("(").length < head.split(")").length;
    if (!unbalanced && !/[.,;:!?*\]}…。،؟]/.test(last)) break;
    end--;
  }
  return found.slice(0, end);
}

function target(text: string): string | null {
  const href = /^(https?:|mailto:)/i.test(text) ? text : text.includes("@") && !/^www\./i.test(text) ? "mailto:" + text : "https://" + text;
  try {
    const url = new URL(href);
    const named = url.protocol === "mailto:" ? url.pathname.includes("@") : url.hostname.includes(".") || url.hostname === "localhost";
    return named && ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** `text` as pieces that joined give `text` again; those with `href` are links. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(FOUND)) {
    const shown = trimmed(match[0]);
    const href = target(shown);
    if (!href) continue;
    const start = match.index as number;
    if (start > from) pieces.push({ text: text.slice(from, start), href: null });
    pieces.push({ text: shown, href });
    from = start + shown.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), href: null });
  return pieces;
}

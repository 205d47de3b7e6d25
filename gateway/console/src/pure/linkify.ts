// Finds addresses in plain text. Only http, https and mailto ever become links; the text itself is never changed.

export type Piece = { text: string; href: null } | { text: string; href: string };

const candidate = /(?:https?:\/\/|www\.)[^\s<>"'`{}|\\^]+|[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/giu;
const trailing = /[.,;:!?…।؟،»”’*_~]$/u;
// Direction overrides could make one address look like another.
const deceptive = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

function balanced(text: string, open: string, close: string): boolean {
  return text.split(open).length >= text.split(close).length;
}

/** Cut punctuation that belongs to the sentence, and closing brackets that were opened outside. */
function trimmed(text: string): string {
  let rest = text;
  for (;;) {
    if (trailing.test(rest)) rest = rest.replace(trailing, "");
    else if (rest.endsWith(")") && !balanced(rest, "(", ")")) rest = rest.slice(0, -1);
    else if (rest.endsWith("]") && !balanced(rest, "[", "]")) rest = rest.slice(0, -1);
    else return rest;
  }
}

function hrefOf(text: string): string | null {
  if (deceptive.test(text)) return null;
  if (!/^(https?:|www\.)/i.test(text)) return `mailto:${encodeURIComponent(text).replace("%40", "@")}`;
  const address = /^www\./i.test(text) ? `https://${text}` : text;
  try {
    const url = new URL(address);
    if (url.protocol !== "http:" && url.protocol !== "https:") return null;
    // "https://bank.example@evil.example" shows one host and opens another.
    if (url.username || url.password || !url.hostname.includes(".") && url.hostname !== "localhost") return null;
    return url.href;
  } catch {
    return null;
  }
}

/** The text in order, cut into plain pieces and links. Joining the pieces gives the text back. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(candidate)) {
    const found = trimmed(match[0]);
    const href = found ? hrefOf(found) : null;
    if (!href) continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), href: null });
    pieces.push({ text: found, href });
    from = match.index + found.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), href: null });
  return pieces;
}

/** `url` when it may be opened from a link (a page address a browser reported), otherwise null. */
export function safeUrl(url: string): string | null {
  try {
    const parsed = new URL(url);
    return parsed.protocol === "http:" || parsed.protocol === "https:" ? parsed.href : null;
  } catch {
    return null;
  }
}

// Mail carries what it answers. The quoted tail is folded away, never removed.

export interface Folded {
  shown: string;
  hidden: string;
  lines: number;
}

const quoted = /^\s*>/;
const intro = /^(On .+wrote|Am .+schrieb|Le .+a écrit|.+ kirjoitti|El .+escribió|Den .+skrev|-{2,}\s*Original Message\s*-{2,}).*$/i;

/** Split off the quoted lines at the end (with their "On … wrote:"). Nothing is folded under three lines. */
export function fold(text: string): Folded {
  const lines = text.split("\n");
  let cut = lines.length;
  while (cut > 0 && (quoted.test(lines[cut - 1] as string) || (lines[cut - 1] as string).trim() === "")) cut--;
  if (!lines.slice(cut).some((line) => quoted.test(line))) return { shown: text, hidden: "", lines: 0 };
  for (let back = 1; back <= 2 && cut - back >= 0; back++) {
    if (intro.test((lines[cut - back] as string).trim())) {
      cut -= back;
      break;
    }
  }
  const hidden = lines.slice(cut);
  if (hidden.length < 3 || cut === 0) return { shown: text, hidden: "", lines: 0 };
  return { shown: lines.slice(0, cut).join("\n").trimEnd(), hidden: hidden.join("\n"), lines: hidden.length };
}

// Mail carries what it answers. The quoted tail is folded away, never removed.

export interface Folded {
  shown: string;
  hidden: string;
  lines: number;
}

const quoted = /^\s*>/;
const intro = /^(On .+wrote|Am .+schrieb|Le .+a écrit|.+ kirjoitti|El .+escribió|Den .+skrev|-{2,}\s*Original Message\s*-{2,}).*$/i;

/** Where a reply that quotes without marks ends: a rule with the old message's heading under it. */
function headed(lines: readonly string[]): number {
  return lines.findIndex((line, index) => {
    if (index === 0) return false;
    if (/^-{2,}\s*(Original Message|Alkuperäinen viesti|Ursprüngliche Nachricht|Message d'origine)\s*-{2,}$/i.test(line.trim())) return true;
    return /^_{10,}$/.test(line.trim()) && /^(From|Lähettäjä|Von|De|Från):\s/i.test((lines[index + 1] ?? "").trim());
  });
}

/** Split off the quoted lines at the end (with their "On … wrote:"). Nothing is folded under three lines. */
export function fold(text: string): Folded {
  const lines = text.split("\n");
  const rule = headed(lines);
  if (rule > 0 && lines.length - rule >= 3 && lines.slice(0, rule).some((line) => line.trim())) {
    return { shown: lines.slice(0, rule).join("\n").trimEnd(), hidden: lines.slice(rule).join("\n"), lines: lines.length - rule };
  }
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

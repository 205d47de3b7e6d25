// A line of the audit as a sentence: "read #1042 of Aino Virtanen". Acts nobody has put into words are shown by their name.
import type { AuditLine, Id, Named } from "../../api/types";
import { t } from "../../i18n";

export interface Told {
  /** Who did it; the command line has no account of its own. */
  who: string;
  act: string;
  /** Between the conversation and the contact. */
  of: string;
  /** What else is known: a reason, how many were found. */
  more: string;
}

const word = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value).trim() : "");
const named = (value: unknown) => (value && typeof value === "object" && "name" in value ? word((value as Named).name) : word(value));
const listedOf = (value: unknown) => (Array.isArray(value) ? value.map(named).filter(Boolean).join(", ") : "");

function placesOf(value: unknown): string[] {
  const caps = value && typeof value === "object" ? Object.entries(value) : [];
  return caps.map(([name, cap]) => `${word(cap)} ${t.load[name] ?? name}`);
}

function rest(line: Pick<AuditLine, "act" | "detail">, categories: ReadonlyMap<Id, string>): string[] {
  const { detail: d } = line;
  const roles = (value: unknown) => t.admin.roles[word(value)] ?? word(value);
  const words = t.admin.audited;
  switch (line.act) {
    case "role_changed": return [`${roles(d.from)} → ${roles(d.to)}`];
    case "name_changed": return [`${word(d.from)} → ${word(d.to)}`];
    case "invited": return [roles(d.role)];
    case "signed_in": return d.by === "link" ? [words.byLink] : [];
    case "searched": return typeof d.hits === "number" ? [words.hits(d.hits)] : [];
    case "team_changed": return [listedOf(d.changed)];
    case "category_changed": return d.hidden === true ? [words.hidden] : [];
    case "places_changed": return [...placesOf(d.places), listedOf(d.skills)];
    case "resolved": case "categorised": return [categories.get(word(d.category)) ?? ""];
    case "prioritised": return [words.priority[word(d.priority)] ?? ""];
    case "assigned": case "handed_over": case "offered": return [named(d.to), word(d.reason)];
    case "released": return [named(d.from), word(d.reason)];
    case "tagged": case "untagged": return [listedOf(d.tags) || word(d.tag)];
    default: return [word(d.reason)];
  }
}

export function tellAudit(line: Pick<AuditLine, "agent" | "act" | "conversation" | "contact" | "detail">, categories: ReadonlyMap<Id, string> = new Map()): Told {
  const { detail } = line;
  const words = t.admin.audited;
  const whom = named(detail.agent) || named(detail.team) || (line.act.startsWith("category_") ? named(detail.category) : "");
  const act = [t.admin.acts[line.act] ?? line.act.replaceAll("_", " "), whom].filter(Boolean).join(" ");
  const plain = !line.conversation && !line.contact ? t.admin.actsAlone[line.act] : undefined;
  return {
    who: detail.by === "command line" ? words.commandLine : line.agent?.name || t.admin.audit.someone,
    act: plain ?? act,
    of: line.conversation ? words.of : "",
    more: [...new Set(rest(line, categories).filter(Boolean))].join(" · "),
  };
}

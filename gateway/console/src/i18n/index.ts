// The words in use, and the few that are composed from data.
import type { EventEntry, Named, Party, Row } from "../api/types";
import { en, type Words } from "./en";

export const t: Words = en;

/** A contact's name, or "Visitor 1042". */
export function nameOf(row: Pick<Row, "number" | "contact">): string {
  return row.contact.name.trim() || t.visitor(row.number);
}

/** A channel in words; configured names such as "support-mail" are known by any part. */
export function channelName(channel: string): string {
  return t.channel[channel] ?? channel.split(/[-_:]/).map((part) => t.channel[part]).find(Boolean) ?? channel;
}

/** "Aino", "Aino and Mikko", "Aino, Mikko and Sam". */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? "";
  return `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

/** Whoever wrote or did something; nameless customers and the system included. */
export function partyName(party: Party): string {
  return party.name.trim() || (party.kind === "customer" ? t.someone : t.app);
}

export interface Told {
  actor: string;
  after: string;
  reason: string;
}

function named(value: unknown): string {
  return value && typeof value === "object" && "name" in value ? String((value as Named).name) : "";
}

const word = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value) : "");

/** An event as one line: "<actor><after>", and the reason when there is one. */
export function tell(event: EventEntry, categories: readonly Named[] = []): Told {
  const { payload } = event;
  const to = named(payload.to);
  const from = named(payload.from);
  const category = categories.find((one) => one.id === payload.category)?.name ?? word(payload.category);
  const number = word(payload.number);
  const quiet = event.name === "declined" && event.actor.kind === "system";
  const after: Record<string, string> = {
    assigned: to ? ` gave this to ${to}` : " assigned this",
    released: from ? ` released this from ${from}` : " put this back into the queue",
    handed_over: to ? ` handed this over to ${to}` : " put this back into the queue",
    taken: " took this", override: " took this beyond the usual load", resolved: category ? ` resolved this as ${category}` : " resolved this",
    reopened: " reopened this", snoozed: " snoozed this", woken: " woke this up", merged: " merged two contacts", unmerged: " undid a merge",
    joined: payload.into ? ` joined this into #${number}` : number ? ` joined #${number} into this` : " joined another conversation into this",
    solved: " said it is solved", not_solved: " said it is not solved", linked: " linked this to an earlier conversation",
    file_failed: " could not fetch a file", offered: to ? ` offered this to ${to}` : " offered this", declined: quiet ? " did not answer the offer" : " declined the offer",
    claimed: ` says they are ${word(payload.address).replace(/^(mailto|tel):/, "")}`, not_delivered: ` could not deliver to ${word(payload.address).replace(/^(mailto|tel):/, "")}`,
  };
  const actor = quiet && from ? from : event.actor.kind === "customer" && !event.actor.name.trim() ? t.customer : partyName(event.actor);
  return { actor, after: after[event.name] ?? ` · ${event.name.replaceAll("_", " ")}`, reason: word(payload.reason) };
}

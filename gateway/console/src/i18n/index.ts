// The words in use, and the few that are composed from data.
import type { Identity, Party, Row } from "../api/types";
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

/** An address as it is read: the number of a customer of the site says nothing alone. */
export function labelOf(identity: Identity): string {
  const label = identity.label || identity.address;
  return identity.kind === "user" ? t.customerNumber(label) : label;
}

/** Whoever wrote or did something; nameless customers and the system included. */
export function partyName(party: Party): string {
  return party.name.trim() || (party.kind === "customer" ? t.someone : t.app);
}

// Every call of the agents' API, one function each, named as docs/api.md names them.
import { ask } from "./http";
import type {
  Agent, Assignment, Availability, Card, ConversationView, Counts, Entry, FileInfo, Id, Me, MessageEntry, Micros, Named, Row,
  StateFilter, View,
} from "./types";

const at = (id: Id) => `/api/conversations/${encodeURIComponent(id)}`;

function query(values: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `?${text}` : "";
}

export const signIn = (email: string, password: string) => ask<Me>("POST", "/api/session", { body: { email, password }, quiet: true });
export const signInByLink = (token: string) => ask<Me>("POST", "/api/session/link", { body: { token }, quiet: true });
export const signOut = () => ask<void>("DELETE", "/api/session", { quiet: true });
export const getMe = () => ask<Me>("GET", "/api/me");
export const findMe = () => ask<Me>("GET", "/api/me", { quiet: true });
export const setAvailability = (availability: Availability) => ask<Me>("PUT", "/api/me/availability", { body: { availability } });
export const setPassword = (old: string | null, next: string) => ask<void>("PUT", "/api/me/password", { body: { old, new: next } });

export const listAgents = () => ask<{ agents: Agent[] }>("GET", "/api/agents").then((answer) => answer.agents);
export const listTeams = () => ask<{ teams: Named[] }>("GET", "/api/teams").then((answer) => answer.teams);
export const listCategories = () => ask<{ categories: Named[] }>("GET", "/api/categories").then((answer) => answer.categories);
export const getCounts = () => ask<Counts>("GET", "/api/counts");

export interface Listing {
  view: View;
  state: StateFilter;
  q: string;
}
export interface RowPage {
  rows: Row[];
  cursor: string | null;
}
export const listConversations = (listing: Listing, cursor: string | null, limit = 50) =>
  ask<RowPage>("GET", `/api/conversations${query({ ...listing, cursor, limit })}`);

export const getConversation = (id: Id) => ask<ConversationView>("GET", at(id));

export interface EntryPage {
  entries: Entry[];
  last_seq: number;
}
export const listEntries = (id: Id, bounds: { after?: number; before?: number; limit?: number } = {}) =>
  ask<EntryPage>("GET", `${at(id)}/entries${query(bounds)}`);

export interface Written {
  entry: MessageEntry;
  conversation: Row;
}
export interface Writing {
  client_id: string;
  text: string;
  files: Id[];
  address?: string;
}
export const reply = (id: Id, writing: Writing) => ask<Written>("POST", `${at(id)}/replies`, { body: writing });
export const note = (id: Id, writing: Writing) => ask<Written>("POST", `${at(id)}/notes`, { body: writing });

interface Changed {
  conversation: Row;
}
const change = (id: Id, act: string, body: unknown) => ask<Changed>("POST", `${at(id)}/${act}`, { body }).then((answer) => answer.conversation);

export const take = (id: Id, version: number) => change(id, "take", { version });
export const accept = (id: Id, version: number) => change(id, "accept", { version });
export const decline = (id: Id, version: number) => change(id, "decline", { version });
export const reopen = (id: Id, version: number) => change(id, "reopen", { version });
export const snooze = (id: Id, version: number, until: Micros) => change(id, "snooze", { version, until });
export const resolve = (id: Id, version: number, category: Id | null) => change(id, "resolve", { version, category });
export const handOver = (id: Id, version: number, to: { agent: Id | null; team: Id | null; note: string }) =>
  change(id, "handover", { version, ...to });

export const markSeen = (id: Id, seq: number) => ask<void>("POST", `${at(id)}/seen`, { body: { seq } });
export const why = (id: Id) => ask<{ assignments: Assignment[] }>("GET", `${at(id)}/why`).then((answer) => answer.assignments);

export interface Ticket {
  address: string | null;
  name: string;
  subject: string;
  text: string;
}
export const openTicket = (ticket: Ticket) => ask<Partial<Changed> & Partial<Row>>("POST", "/api/conversations", { body: ticket });

export const addFile = (file: File) =>
  ask<{ file: FileInfo }>("POST", `/api/files${query({ name: file.name || "file" })}`, { raw: file }).then((answer) => answer.file);
export const fileUrl = (id: Id) => `/api/files/${encodeURIComponent(id)}`;

export const renameContact = (id: Id, name: string) => ask<Card>("PUT", `/api/contacts/${encodeURIComponent(id)}`, { body: { name } });
export const mergeContacts = (kept: Id, other: Id) =>
  ask<{ merge: { id: Id } }>("POST", `/api/contacts/${encodeURIComponent(kept)}/merge`, { body: { other } });
export const undoMerge = (id: Id) => ask<void>("POST", `/api/merges/${encodeURIComponent(id)}/undo`);

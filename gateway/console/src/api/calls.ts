// Every call of the agents' API, one function each, named as docs/api.md names them.
import { ask } from "./http";
import type {
  Agent, Assignment, AuditLine, Availability, Card, Category, ConversationView, Counts, Entry, FileInfo, Found, Hours, Id, Link, LinkKind, Me,
  MessageEntry, Micros, Person, Placeholder, Role, Row, Search, Snippet, Sort, StateFilter, Tag, Team, View,
} from "./types";

const at = (id: Id) => `/api/conversations/${encodeURIComponent(id)}`;
const contactAt = (id: Id) => `/api/contacts/${encodeURIComponent(id)}`;

function query(values: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `?${text}` : "";
}

export const signIn = (email: string, password: string) => ask<Me>("POST", "/api/session", { body: { email, password }, quiet: true });
/** With a password the link also sets it. */
export const signInByLink = (token: string, password?: string) =>
  ask<Me>("POST", "/api/session/link", { body: password === undefined ? { token } : { token, password }, quiet: true });
export const signOut = () => ask<void>("DELETE", "/api/session", { quiet: true });
export const getMe = () => ask<Me>("GET", "/api/me");
export const findMe = () => ask<Me>("GET", "/api/me", { quiet: true });
export const setAvailability = (availability: Availability) => ask<Me>("PUT", "/api/me/availability", { body: { availability } });
export const setPassword = (old: string | null, next: string) => ask<void>("PUT", "/api/me/password", { body: { old, new: next } });

export const listAgents = () => ask<{ agents: Agent[] }>("GET", "/api/agents").then((answer) => answer.agents);
export const listTeams = () => ask<{ teams: Team[] }>("GET", "/api/teams").then((answer) => answer.teams);
export const listCategories = () => ask<{ categories: Category[] }>("GET", "/api/categories").then((answer) => answer.categories);
export const listTags = () => ask<{ tags: Tag[] }>("GET", "/api/tags").then((answer) => answer.tags);
export const getCounts = () => ask<Counts>("GET", "/api/counts");

/** What a list is asked for; what is not named is not filtered. `none` and `me` as the API has them. */
export interface Listing {
  view: View;
  state: StateFilter;
  q: string;
  team?: string;
  tag?: string;
  category?: string;
  priority?: string;
  owner?: string;
  channel?: string;
  sort?: Sort;
}
export interface RowPage {
  rows: Row[];
  cursor: string | null;
}
export const listConversations = (listing: Listing, cursor: string | null, limit = 50) =>
  ask<RowPage>("GET", `/api/conversations${query({ ...listing, cursor, limit })}`);

/** What to do next: the same again until something changes; null when nothing waits. */
export const getNext = () => ask<{ conversation: Row | null }>("GET", "/api/next").then((answer) => answer.conversation);

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
  /** Send it although it holds what looks like a placeholder. */
  as_is?: boolean;
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

/** Only what is named changes. */
export interface Change {
  priority?: number;
  subject?: string;
  category?: Id | null;
  due_at?: Micros | null;
}
export const changeConversation = (id: Id, version: number, changes: Change) =>
  ask<Changed>("PUT", at(id), { body: { version, ...changes } }).then((answer) => answer.conversation);
export const changeTags = (id: Id, add: string[], remove: string[]) => change(id, "tags", { add, remove });
export const addLink = (id: Id, other: string, kind: LinkKind) =>
  ask<{ links: Link[] }>("POST", `${at(id)}/links`, { body: { other, kind } }).then((answer) => answer.links);
export const removeLink = (id: Id, other: Id, kind: LinkKind) =>
  ask<{ links: Link[] }>("POST", `${at(id)}/unlink`, { body: { other, kind } }).then((answer) => answer.links);
export const join = (id: Id, version: number, other: string) => change(id, "join", { version, other });
export const part = (id: Id, version: number) => change(id, "part", { version });
export const split = (id: Id, version: number, messages: Id[], subject: string) => change(id, "split", { version, messages, subject });
export const spam = (id: Id, version: number, block: boolean) => change(id, "spam", { version, block });
export const unspam = (id: Id, version: number) => change(id, "unspam", { version });

export type BulkAct = "resolve" | "reopen" | "assign" | "snooze" | "priority" | "tag" | "spam";
export interface BulkDetails {
  agent?: Id;
  team?: Id;
  category?: Id;
  until?: Micros;
  priority?: number;
  tag?: string;
}
export interface BulkAnswer {
  done: Row[];
  failed: { id: Id; detail: string }[];
}
/** One act on up to 100 conversations, each for itself. */
export const bulk = (act: BulkAct, items: { id: Id; version: number }[], details: BulkDetails = {}) =>
  ask<BulkAnswer>("POST", "/api/conversations/bulk", { body: { act, items, ...details } });

export const markSeen = (id: Id, seq: number) => ask<void>("POST", `${at(id)}/seen`, { body: { seq } });
export const why = (id: Id) => ask<{ assignments: Assignment[] }>("GET", `${at(id)}/why`).then((answer) => answer.assignments);

export interface Ticket {
  contact?: Id | null;
  address: string | null;
  name: string;
  subject: string;
  text: string;
}
export const openTicket = (ticket: Ticket) => ask<Partial<Changed> & Partial<Row>>("POST", "/api/conversations", { body: ticket });

export const addFile = (file: File) =>
  ask<{ file: FileInfo }>("POST", `/api/files${query({ name: file.name || "file" })}`, { raw: file }).then((answer) => answer.file);
export const fileUrl = (id: Id) => `/api/files/${encodeURIComponent(id)}`;

export const getContact = (id: Id) => ask<Card>("GET", contactAt(id));
export const changeContact = (id: Id, changes: { name?: string; locale?: string; time_zone?: string }) => ask<Card>("PUT", contactAt(id), { body: changes });
export const renameContact = (id: Id, name: string) => changeContact(id, { name });
export const findContacts = (q: string) => ask<{ contacts: Found[] }>("GET", `/api/contacts${query({ q })}`).then((answer) => answer.contacts);
export const blockContact = (id: Id) => ask<Card>("POST", `${contactAt(id)}/block`, { body: {} });
export const unblockContact = (id: Id) => ask<Card>("POST", `${contactAt(id)}/unblock`, { body: {} });
export const mergeContacts = (kept: Id, other: Id) => ask<{ merge: { id: Id } }>("POST", `${contactAt(kept)}/merge`, { body: { other } });
export const undoMerge = (id: Id) => ask<void>("POST", `/api/merges/${encodeURIComponent(id)}/undo`);

export interface SnippetText {
  name: string;
  text: string;
  shared: boolean;
}
const snippetAt = (id: Id) => `/api/snippets/${encodeURIComponent(id)}`;
export const listSnippets = () => ask<{ snippets: Snippet[] }>("GET", "/api/snippets").then((answer) => answer.snippets);
export const addSnippet = (body: SnippetText) => ask<{ snippet: Snippet }>("POST", "/api/snippets", { body }).then((answer) => answer.snippet);
export const changeSnippet = (id: Id, body: SnippetText) => ask<{ snippet: Snippet }>("PUT", snippetAt(id), { body }).then((answer) => answer.snippet);
export const removeSnippet = (id: Id) => ask<void>("DELETE", snippetAt(id));
export const fillSnippet = (id: Id, conversation: Id) => ask<{ text: string }>("POST", `${snippetAt(id)}/fill`, { body: { conversation } }).then((answer) => answer.text);
export const listPlaceholders = () => ask<{ placeholders: Placeholder[] }>("GET", "/api/placeholders").then((answer) => answer.placeholders);

export const listSearches = () => ask<{ searches: Search[] }>("GET", "/api/searches").then((answer) => answer.searches);
export const addSearch = (body: { name: string; query: Record<string, string>; shared: boolean }) =>
  ask<{ search: Search }>("POST", "/api/searches", { body }).then((answer) => answer.search);
export const removeSearch = (id: Id) => ask<void>("DELETE", `/api/searches/${encodeURIComponent(id)}`);

const personAt = (id: Id) => `/api/people/${encodeURIComponent(id)}`;
export interface PersonChange {
  name?: string;
  role?: Role;
  skills?: string[];
  teams?: Id[];
  places?: { class: string; cap: number }[];
}
export const listPeople = () => ask<{ people: Person[] }>("GET", "/api/people").then((answer) => answer.people);
/** The link is shown once and good once. */
export const addPerson = (body: { name: string; email: string; role: Role; teams: Id[] }) => ask<{ person: Person; link: string }>("POST", "/api/people", { body });
export const changePerson = (id: Id, body: PersonChange) => ask<{ person: Person }>("PUT", personAt(id), { body }).then((answer) => answer.person);
export const newLink = (id: Id) => ask<{ link: string }>("POST", `${personAt(id)}/link`, { body: {} }).then((answer) => answer.link);
export const disablePerson = (id: Id) => ask<{ person: Person }>("POST", `${personAt(id)}/disable`, { body: {} }).then((answer) => answer.person);
export const enablePerson = (id: Id) => ask<{ person: Person }>("POST", `${personAt(id)}/enable`, { body: {} }).then((answer) => answer.person);

const teamAt = (id: Id) => `/api/teams/${encodeURIComponent(id)}`;
export const addTeam = (name: string) => ask<{ team: Team }>("POST", "/api/teams", { body: { name } }).then((answer) => answer.team);
export const changeTeam = (id: Id, body: { name?: string; members?: Id[]; hours?: Hours | null }) =>
  ask<{ team: Team }>("PUT", teamAt(id), { body }).then((answer) => answer.team);
export const removeTeam = (id: Id) => ask<void>("DELETE", teamAt(id));

export const addCategory = (name: string) => ask<{ category: Category }>("POST", "/api/categories", { body: { name } }).then((answer) => answer.category);
export const changeCategory = (id: Id, body: { name?: string; hidden?: boolean }) =>
  ask<{ category: Category }>("PUT", `/api/categories/${encodeURIComponent(id)}`, { body }).then((answer) => answer.category);

export interface AuditFilter {
  agent?: Id;
  contact?: Id;
  conversation?: Id;
  since?: Micros;
  until?: Micros;
}
export const listAudit = (filter: AuditFilter, cursor: string | null, limit = 100) =>
  ask<{ lines: AuditLine[]; cursor: string | null }>("GET", `/api/audit${query({ ...filter, cursor, limit })}`);

// The shapes of the agents' API, as docs/api.md states them. Times are microseconds since 1970 UTC.

export type Id = string;
export type Micros = number;

export interface Named {
  id: Id;
  name: string;
}

export interface Load {
  class: string;
  load: number;
  cap: number;
}

export type Availability = "available" | "away";

export interface Me {
  id: Id;
  name: string;
  email: string;
  role: "viewer" | "agent" | "lead" | "manager" | "admin";
  availability: Availability;
  has_password: boolean;
  teams: Named[];
  load: Load[];
}

export interface Agent {
  id: Id;
  name: string;
  availability: Availability;
  here: boolean;
  load: Load[];
  teams: Id[];
}

export interface Counts {
  mine: number;
  unassigned: number;
  all: number;
  waiting: number;
  longest_since: Micros | null;
}

export type View = "mine" | "unassigned" | "all";
export type StateFilter = "open" | "snoozed" | "resolved" | "closed" | "any";
export type ConversationState = "open" | "snoozed" | "resolved" | "closed" | "joined";

export interface Offer {
  agent_id: Id;
  deadline: Micros;
}

export interface Row {
  id: Id;
  number: number;
  state: ConversationState;
  subject: string;
  priority: number;
  category: Id | null;
  channel: string;
  contact: Named;
  assignee: Named | null;
  team: Named | null;
  preview: string;
  preview_author: "customer" | "agent" | "note" | "system" | null;
  last_at: Micros;
  waiting_since: Micros | null;
  due_at: Micros | null;
  created_at: Micros;
  last_seq: number;
  seen_seq: number | null;
  version: number;
  offer: Offer | null;
  snoozed_until: Micros | null;
}

export interface FileInfo {
  id: Id;
  name: string;
  media_type: string;
  size: number;
  state: "stored" | "wanted" | "failed";
}

export interface Delivery {
  state: "queued" | "sending" | "retry" | "sent" | "delivered" | "read" | "failed" | "unknown";
  detail: string | null;
  at: Micros;
}

export interface Revision {
  kind: "edited" | "withdrawn";
  text: string;
  at: Micros;
}

export type PartyKind = "customer" | "agent" | "system";

export interface Party {
  id: Id | null;
  name: string;
  kind: PartyKind;
}

export interface MessageEntry {
  kind: "message";
  id: Id;
  conversation_id: Id;
  seq: number;
  pub: number | null;
  direction: "in" | "out" | "note";
  author: Party;
  channel: string;
  text: string;
  at: Micros;
  files: FileInfo[];
  client_id: string | null;
  delivery: Delivery | null;
  revisions: Revision[];
}

export interface EventEntry {
  kind: "event";
  id: Id;
  conversation_id?: Id;
  name: string;
  actor: Party;
  payload: EventPayload;
  at: Micros;
}

export interface EventPayload {
  reason?: string;
  to?: Named | null;
  from?: Named | null;
  [more: string]: unknown;
}

export type Entry = MessageEntry | EventEntry;

export interface Identity {
  address: string;
  kind: string;
  label: string;
  proof: string | null;
  opted_out: boolean;
  last_in_at: Micros | null;
}

export interface Claim {
  id: Id;
  address: string;
  label: string;
  at: Micros;
}

export interface Merge {
  id: Id;
  gone_name: string;
  at: Micros;
  undone: boolean;
}

export interface Card {
  id: Id;
  name: string;
  locale: string | null;
  time_zone: string | null;
  blocked: boolean;
  identities: Identity[];
  claims: Claim[];
  page: { url: string; title: string } | null;
  attributes: Record<string, unknown>;
  conversations: Row[];
  merges: Merge[];
}

export interface ConversationView {
  conversation: Row;
  contact: Card;
  joined: Id[];
  joined_to?: Id | null;
}

export interface Assignment {
  at: Micros;
  agent: Named | null;
  reason: string;
  considered: { agent: Named; out: string | null }[];
}

export interface Watcher extends Named {
  replying: boolean;
}

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
export type Role = "viewer" | "agent" | "lead" | "manager" | "admin";
export type Right = "read" | "reply" | "merge" | "block" | "bulk" | "share" | "places" | "people" | "settings" | "audit" | "admins";

export interface Me {
  id: Id;
  name: string;
  email: string;
  role: Role;
  rights: Right[];
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

export type Day = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";
/** From and to as `HH:MM`; `24:00` ends a day. */
export type Span = [string, string];

/** When a team is there: a day that is not named is closed. */
export interface Hours {
  zone: string;
  week: Partial<Record<Day, Span[]>>;
  holidays: Record<string, Span[]>;
}

export interface Team extends Named {
  members: Id[];
  hours: Hours | null;
  open: boolean;
  opens_at: Micros | null;
}

export interface Category extends Named {
  hidden: boolean;
}

export interface Tag {
  name: string;
  count: number;
}

/** Open conversations by view; `teams` by the team's id. */
export interface Counts {
  mine: number;
  unassigned: number;
  all: number;
  waiting: number;
  due: number;
  spam: number;
  longest_since: Micros | null;
  teams: Record<Id, number>;
}

export type View = "mine" | "unassigned" | "waiting" | "due" | "all";
export type StateFilter = "open" | "snoozed" | "resolved" | "closed" | "any" | "spam";
export type Sort = "newest" | "oldest" | "waiting" | "priority" | "due";
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
  tags: string[];
  spam: boolean;
  rating: number | null;
}

export type LinkKind = "related" | "duplicate_of" | "blocked_by";

export interface Link {
  kind: LinkKind;
  direction: "to" | "from";
  conversation: Row;
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
  subject: string | null;
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

/** Somebody who may be the same person, and why it looks so. */
export interface Maybe {
  contact: Named;
  address: string;
  why: "claims" | "claimed" | "same_claim";
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
  maybe: Maybe[];
  conversations: Row[];
  merges: Merge[];
}

/** A conversation by its number. */
export interface Numbered {
  id: Id;
  number: number;
}

export interface ConversationView {
  conversation: Row;
  contact: Card;
  joined: Numbered[];
  joined_to: Id | null;
  links: Link[];
}

export interface Assignment {
  at: Micros;
  agent: Named | null;
  /** `router`, or the id of the agent who decided. */
  decided_by: string;
  reason: string;
  ended_at: Micros | null;
  end_reason: string | null;
  considered: { agent: Named; out: string | null }[];
}

export interface Watcher extends Named {
  replying: boolean;
}

/** A contact as the search among contacts shows it. */
export interface Found extends Named {
  addresses: string[];
  last_at: Micros | null;
  number: number | null;
}

export interface Snippet extends Named {
  text: string;
  shared: boolean;
  mine: boolean;
}

export interface Placeholder {
  name: string;
  meaning: string;
}

/** A list's filters kept under a name. */
export interface Search extends Named {
  query: Record<string, string>;
  shared: boolean;
  mine: boolean;
}

export interface Person {
  id: Id;
  name: string;
  email: string;
  role: Role;
  availability: Availability;
  here: boolean;
  skills: string[];
  teams: Id[];
  load: Load[];
  has_password: boolean;
  disabled: boolean;
}

export interface AuditLine {
  id: Id;
  at: Micros;
  agent: Named | null;
  act: string;
  conversation: Numbered | null;
  contact: Named | null;
  detail: Record<string, unknown>;
}

// Everything the inbox knows, in one object. Rows by id; a page per opened conversation; the rest is small.
import type { Problem } from "../api/http";
import type {
  Agent, Card, Category, Counts, Entry, FileInfo, Id, Link, Me, Named, Numbered, Person, Placeholder, Row, Search, Snippet, Tag, Team, Watcher,
} from "../api/types";
import type { Filters, Shelf } from "../pure/listing";

export type Session = "unknown" | "out" | "choosing" | "in" | "broken";
export type Connected = "socket" | "polling" | "offline";
export type Load = "loading" | "ready" | "error";

export interface List {
  shelf: Shelf;
  filters: Filters;
  ids: readonly Id[];
  cursor: string | null;
  status: Load;
  problem: Problem | null;
  paging: boolean;
}

export interface Page {
  status: Load;
  problem: Problem | null;
  card: Card | null;
  joined: readonly Numbered[];
  joinedTo: Id | null;
  links: readonly Link[];
  entries: readonly Entry[];
  older: "more" | "loading" | "none";
}

export type Tab = "reply" | "note";

export interface Upload {
  key: string;
  name: string;
  size: number;
  media_type: string;
  file: FileInfo | null;
  problem: string | null;
}

export interface Draft {
  tab: Tab;
  text: Record<Tab, string>;
  files: Record<Tab, Upload[]>;
  address: string | null;
}

export interface Pending {
  client_id: string;
  conversation: Id;
  tab: Tab;
  text: string;
  files: FileInfo[];
  address: string | null;
  at: number;
  state: "sending" | "waiting" | "failed";
  problem: string | null;
  /** Refused because of what looks like a placeholder: it may still be sent as it stands. */
  placeholder?: boolean;
  as_is?: boolean;
}

export interface Typing {
  name: string;
  who: "customer" | "agent";
  until: number;
}

export interface Toast {
  key: number;
  text: string;
  /** Shown one below the other under the text. */
  lines: readonly string[];
  tone: "plain" | "good" | "bad";
  /** One thing that can still be done about it, such as taking it back. */
  act: { label: string; run(): void } | null;
}

export type Open =
  | { kind: "handover" | "resolve" | "why"; conversation: Id }
  | { kind: "link" | "join" | "spam" | "block"; conversation: Id }
  | { kind: "when"; conversation: Id; what: "snooze" | "due" }
  /** `other`: the contact already thought of. */
  | { kind: "merge"; conversation: Id; other?: Id }
  /** `contact`: a conversation begun with somebody known. */
  | { kind: "begin"; contact: Named }
  | { kind: "ticket" | "help" | "password" | "alerts" | "saveSearch" };

/** The pages besides the desk, as the address bar names them. */
export type AdminPage = "people" | "teams" | "snippets" | "categories" | "audit";

/** How a tab calls for attention; off until somebody asks for it. */
export interface Alerts {
  sound: boolean;
  notify: boolean;
}

export type Theme = "system" | "light" | "dark";

export interface State {
  session: Session;
  ended: string | null;
  me: Me | null;
  agents: readonly Agent[];
  teams: readonly Team[];
  categories: readonly Category[] | null;
  tags: readonly Tag[];
  searches: readonly Search[];
  snippets: readonly Snippet[] | null;
  counts: Counts | null;
  rows: Readonly<Record<Id, Row>>;
  list: List;
  /** Ticked in the list, for acting on several at once. */
  selected: readonly Id[];
  /** The boxes are shown although nothing is ticked yet. */
  selecting: boolean;
  open: Id | null;
  /** Messages of the opened conversation being chosen for a conversation of their own; null while nobody splits. */
  splitting: readonly Id[] | null;
  /** On narrow screens the contact's card is a page of its own. */
  card: boolean;
  pages: Readonly<Record<Id, Page>>;
  drafts: Readonly<Record<Id, Draft>>;
  pending: readonly Pending[];
  typing: Readonly<Record<Id, Typing>>;
  watching: Readonly<Record<Id, readonly Watcher[]>>;
  connected: Connected;
  toasts: readonly Toast[];
  dialog: Open | null;
  admin: AdminPage | null;
  people: readonly Person[] | null;
  placeholders: readonly Placeholder[] | null;
  /** What is being edited on those pages, by whom and what; kept until it is saved or discarded. */
  edits: Readonly<Record<string, object>>;
  theme: Theme;
  singleKeys: boolean;
  alerts: Alerts;
}

export const emptyList: List = { shelf: "mine", filters: {}, ids: [], cursor: null, status: "loading", problem: null, paging: false };
export const emptyPage: Page = { status: "loading", problem: null, card: null, joined: [], joinedTo: null, links: [], entries: [], older: "more" };
export const emptyDraft: Draft = { tab: "reply", text: { reply: "", note: "" }, files: { reply: [], note: [] }, address: null };

export const quiet: Alerts = { sound: false, notify: false };

export const initial: State = {
  session: "unknown", ended: null, me: null, agents: [], teams: [], categories: null, tags: [], searches: [], snippets: null, counts: null, rows: {},
  list: emptyList, selected: [], selecting: false, open: null, splitting: null, card: false, pages: {}, drafts: {}, pending: [], typing: {}, watching: {}, connected: "polling",
  toasts: [], dialog: null, admin: null, people: null, placeholders: null, edits: {}, theme: "system", singleKeys: true, alerts: quiet,
};

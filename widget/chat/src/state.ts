/** Everything the drawing needs to know, in one value that is replaced and never changed. */
import type { Entry } from "./outbox";
import type { Store } from "./storage";
import { EMPTY, type Timeline } from "./timeline";
import type { Config, Known, Service } from "./types";

export interface State {
  config: Config | null;
  /** The site key is unknown to the gateway. */
  missing: boolean;
  /** The session is open and the conversation fetched. */
  loaded: boolean;
  /** Counts the people this page was used by: what one of them typed is not shown to the next. */
  turn: number;
  line: Timeline;
  pending: Entry[];
  /** Failed attempts at the message in front. */
  tries: number;
  service: Service;
  known: Known;
  typing: string | null;
  link: "socket" | "polling" | "offline";
  /** Something failed since we were last connected: worth a line, which the first moments are not. */
  trouble: boolean;
  open: boolean;
  /** The address the visitor left in this conversation. */
  claimed: string | null;
  /** The conversation the visitor does not want to rate. */
  skipped: string | null;
  /** When agents' reading was noticed: up to this `pub`, at this time in milliseconds (0: before this page). */
  read: { pub: number; at: number };
}

/** What the browser remembers about the visitor whose storage keys begin with `prefix`. */
export function remembered(store: Store, prefix: string): Pick<State, "claimed" | "skipped" | "read"> {
  const [pub, at] = (store.get(prefix + "read") ?? "").split("#").map(Number);
  return { claimed: store.get(prefix + "claimed"), skipped: store.get(prefix + "skipped"), read: { pub: pub || 0, at: at || 0 } };
}

/** The state before anything was heard from the server. */
export function initial(store: Store, prefix: string, pending: Entry[]): State {
  return {
    config: null,
    missing: false,
    loaded: false,
    turn: 0,
    line: EMPTY,
    pending,
    tries: 0,
    service: { state: "open", opens_at: null, agents: [] },
    known: { name: null, mail: false, phone: false },
    typing: null,
    link: "offline",
    trouble: false,
    open: false,
    ...remembered(store, prefix),
  };
}

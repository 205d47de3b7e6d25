/** Everything the drawing needs to know, in one value that is replaced and never changed. */
import type { Entry } from "./outbox";
import type { Store } from "./storage";
import { EMPTY, type Timeline } from "./timeline";
import type { Config } from "./types";

export interface State {
  config: Config | null;
  /** The site key is unknown to the gateway. */
  missing: boolean;
  /** The session is open and the conversation fetched. */
  loaded: boolean;
  line: Timeline;
  pending: Entry[];
  /** Failed attempts at the message in front. */
  tries: number;
  available: boolean;
  typing: string | null;
  link: "socket" | "polling" | "offline";
  /** Something failed since we were last connected: worth a line, which the first moments are not. */
  trouble: boolean;
  open: boolean;
  /** The address the visitor left in this conversation. */
  claimed: string | null;
  /** When agents' reading was noticed: up to this `pub`, at this time in milliseconds (0: before this page). */
  read: { pub: number; at: number };
}

/** The state before anything was heard from the server; `prefix` begins the site's storage keys. */
export function initial(store: Store, prefix: string, pending: Entry[]): State {
  const [pub, at] = (store.get(prefix + "read") ?? "").split("#").map(Number);
  return {
    config: null,
    missing: false,
    loaded: false,
    line: EMPTY,
    pending,
    tries: 0,
    available: true,
    typing: null,
    link: "offline",
    trouble: false,
    open: false,
    claimed: store.get(prefix + "claimed"),
    read: { pub: pub || 0, at: at || 0 },
  };
}

/** The shapes of the visitors' API as docs/api.md has them. Times are microseconds since 1970 UTC. */

export interface FileCard {
  id: string;
  name: string;
  media_type: string;
  size: number;
  state: "stored" | "wanted" | "failed";
}

export interface Item {
  pub: number;
  id: string;
  mine: boolean;
  author: { name: string; kind: "customer" | "agent" | "system" };
  text: string;
  channel: string;
  at: number;
  client_id: string | null;
  files: FileCard[];
  state: "queued" | "sent" | "delivered" | "read" | "failed" | null;
}

export interface Thread {
  id: string;
  number: number;
  state: "open" | "snoozed" | "resolved" | "closed";
  last_pub: number;
  read_by_agent_pub: number;
  agent: { name: string } | null;
  waiting: boolean;
  asked_solved: boolean;
  /** 1 to 5, null until the customer gave it. */
  rating: number | null;
}

/** Whether somebody is there; `agents` holds first names while `open`, `opens_at` is known only while `closed`. */
export interface Service {
  state: "open" | "away" | "closed";
  opens_at: number | null;
  agents: string[];
}

/** What the visitor need not be asked again. */
export interface Known {
  name: string | null;
  mail: boolean;
  phone: boolean;
}

export interface Config {
  site: string;
  title: string;
  accent: string;
  greeting: string;
  position: "left" | "right";
  locale: string;
  suggestions: string[];
  origins: string[];
  /** What is asked while nobody is there. */
  fields: (keyof Known)[];
  /** How else the customer may be answered. */
  ways: ("mail" | "sms" | "call")[];
  max_file_bytes: number;
  file_types: string[];
  max_text: number;
}

/** What the server says about the visitor whenever it is asked. */
export interface Standing {
  thread: Thread | null;
  service: Service;
  known: Known;
}

export interface Session extends Standing {
  token: string;
  visitor: string;
}

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
  max_file_bytes: number;
  file_types: string[];
  max_text: number;
}

export interface Session {
  token: string;
  visitor: string;
  thread: Thread | null;
  agents_available: boolean;
}

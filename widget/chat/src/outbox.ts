/** Messages that are written but not yet answered by the server. They survive a reload and are shared by the visitor's tabs. */
import type { Store } from "./storage";
import type { FileCard } from "./types";

export interface Entry {
  client_id: string;
  text: string;
  files: FileCard[];
  /** Milliseconds; also the order of sending. */
  at: number;
  /** The server's sentence when it refused the message for good. */
  refused: string | null;
  /** Raised by "try again", so that the tab that sends for all hears of it. */
  asked: number;
}

/** One storage key per message: two tabs writing at once cannot overwrite each other's list. */
export class Outbox {
  /** `prefix` begins the storage keys of the visitor whose messages these are. */
  constructor(
    private readonly store: Store,
    private prefix: string,
  ) {}

  /** From now on another visitor's messages; `take` brings those of before along. */
  move(prefix: string, take: boolean): void {
    const before = take ? this.list() : [];
    for (const entry of before) this.remove(entry.client_id);
    this.prefix = prefix;
    for (const entry of before) this.write(entry);
  }

  /** True for a storage key that holds one of our messages. */
  owns(key: string): boolean {
    return key.startsWith(this.prefix);
  }

  /** All entries in the order they were written. Unreadable ones are left out. */
  list(): Entry[] {
    const entries = this.store.keys().filter((key) => this.owns(key)).map((key) => this.read(key));
    return entries.filter((entry): entry is Entry => entry !== null).sort((a, b) => a.at - b.at);
  }

  /** The next message to send, or null. A refused one does not hold up those behind it. */
  next(): Entry | null {
    return this.list().find((entry) => entry.refused === null) ?? null;
  }

  /** Keeps a new message behind all others. */
  add(client_id: string, text: string, files: FileCard[], now: number): Entry {
    const last = this.list().reduce((at, entry) => Math.max(at, entry.at), 0);
    return this.write({ client_id, text, files, at: Math.max(now, last + 1), refused: null, asked: 0 });
  }

  refuse(client_id: string, sentence: string): void {
    this.change(client_id, (entry) => ({ ...entry, refused: sentence }));
  }

  /** The visitor wants it tried (again) now. */
  retry(client_id: string): void {
    this.change(client_id, (entry) => ({ ...entry, refused: null, asked: entry.asked + 1 }));
  }

  remove(client_id: string): void {
    this.store.remove(this.prefix + client_id);
  }

  private change(client_id: string, how: (entry: Entry) => Entry): void {
    const entry = this.read(this.prefix + client_id);
    if (entry) this.write(how(entry));
  }

  private write(entry: Entry): Entry {
    this.store.set(this.prefix + entry.client_id, JSON.stringify(entry));
    return entry;
  }

  private read(key: string): Entry | null {
    try {
      const entry = JSON.parse(this.store.get(key) ?? "null") as Entry | null;
      return entry && typeof entry.client_id === "string" && Array.isArray(entry.files) ? entry : null;
    } catch {
      return null;
    }
  }
}

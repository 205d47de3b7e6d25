/** Tells the server what arrived and what was looked at, and the launcher how much was not. */
import type { Store } from "./storage";
import { lastOfOthers, unread, type Timeline } from "./timeline";

type What = "seen" | "delivered";

export class Receipts {
  private thread = "";
  private told = { seen: 0, delivered: 0 };
  private count = 0;

  constructor(
    private readonly store: Store,
    /** Where the visitor's tabs keep what was seen, as `thread#pub`. */
    private readonly key: () => string,
    private readonly mark: (what: What, pub: number) => Promise<void>,
    private readonly badge: (count: number) => void,
  ) {}

  /** `looking` is true while the conversation is open before the visitor's eyes. */
  tell(line: Timeline, looking: boolean): void {
    const thread = line.thread?.id ?? "";
    if (thread !== this.thread) {
      this.thread = thread;
      this.told = { seen: 0, delivered: 0 };
    }
    const newest = lastOfOthers(line);
    const seen = this.seen();
    if (looking && newest > seen) this.store.set(this.key(), `${thread}#${newest}`);
    const count = looking ? 0 : unread(line, seen);
    if (count !== this.count) this.badge((this.count = count));
    this.send(looking ? "seen" : "delivered", newest);
  }

  private seen(): number {
    const [thread, pub] = (this.store.get(this.key()) ?? "").split("#");
    return thread === this.thread ? Number(pub) : 0;
  }

  private send(what: What, newest: number): void {
    const before = this.told[what];
    if (newest <= Math.max(before, this.told.seen)) return;
    this.told[what] = newest;
    // A lost receipt is said again with the next change.
    this.mark(what, newest).catch(() => (this.told[what] = before));
  }
}

/** Sends the outbox in order, one message at a time, until the server has answered each of them. */
import { Problem } from "./api";
import type { Entry, Outbox } from "./outbox";

/** Milliseconds before attempt `tries + 1`: 1 s doubling to 30 s, with jitter so that a restarted server is not met by everybody at once. */
export const backoff = (tries: number, random: number): number => Math.min(30_000, 1000 * 2 ** Math.min(tries, 6)) * (0.5 + random / 2);

/** True when the server has judged the message and will judge it so again. */
export const isFinal = (error: unknown): error is Problem =>
  error instanceof Problem && error.status >= 400 && error.status < 500 && ![401, 408, 425, 429].includes(error.status);

interface Course {
  post: (entry: Entry) => Promise<void>;
  changed: () => void;
  /** Runs `work` in one tab at a time. */
  alone: (work: () => Promise<void>) => Promise<void>;
}

export class Sender {
  /** Failed attempts at the message in front; 0 when all is well. */
  tries = 0;
  private busy = false;
  private interrupt: (() => void) | null = null;

  constructor(
    private readonly outbox: Outbox,
    private readonly course: Course,
  ) {}

  /** Starts sending, or cuts a pause between two attempts short. */
  wake(): void {
    this.interrupt?.();
    if (this.busy || !this.outbox.next()) return;
    this.busy = true;
    void this.course.alone(() => this.drain()).finally(() => {
      this.busy = false;
      if (this.outbox.next()) this.wake();
    });
  }

  private async drain(): Promise<void> {
    for (let entry = this.outbox.next(); entry; entry = this.outbox.next()) {
      const pause = await this.attempt(entry);
      this.course.changed();
      if (pause) await this.rest(pause);
    }
  }

  private async attempt(entry: Entry): Promise<number> {
    try {
      await this.course.post(entry);
      this.outbox.remove(entry.client_id);
      this.tries = 0;
      return 0;
    } catch (error) {
      if (isFinal(error)) {
        this.outbox.refuse(entry.client_id, error.message);
        this.tries = 0;
        return 0;
      }
      const wanted = error instanceof Problem ? error.retryAfter * 1000 : 0;
      return Math.max(wanted, backoff(this.tries++, Math.random()));
    }
  }

  private rest(pause: number): Promise<void> {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pause);
      this.interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    }).then(() => {
      this.interrupt = null;
    });
  }
}

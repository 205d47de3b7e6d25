/** Who is typing, both ways. Told sparingly, forgotten by itself. */

/** The API takes one a second; a typing hint lives 6 s, so every 2 s is plenty. */
const TELL_EVERY = 2000;
const FORGET_AFTER = 6000;

export class Typing {
  private told = 0;
  private timer = 0;
  private name: string | null = null;

  constructor(
    private readonly tell: (on: boolean) => void,
    private readonly shown: (name: string | null) => void,
  ) {}

  /** The visitor pressed a key. */
  press(): void {
    if (Date.now() - this.told < TELL_EVERY) return;
    this.told = Date.now();
    this.tell(true);
  }

  /** The visitor sent, emptied or left the field. */
  stop(): void {
    if (this.told) this.tell(false);
    this.told = 0;
  }

  /** Somebody types, or null: nobody does any more. */
  hear(name: string | null): void {
    clearTimeout(this.timer);
    if (name !== this.name) this.shown((this.name = name));
    if (name !== null) this.timer = window.setTimeout(() => this.hear(null), FORGET_AFTER);
  }
}

/** The frame's half of the conversation with the page that embeds it. */
import { LOADER_SHAPES, MARK, fits, type FromFrame, type FromLoader, type Page } from "../../shared/protocol";

/** What the loader asked for when it made the frame. */
export interface Wish {
  site: string;
  origin: string;
  locale: string;
  accent: string;
  position: string;
}

function originOf(text: string): string {
  try {
    return new URL(text).origin === text ? text : "";
  } catch {
    return "";
  }
}

export function readWish(search: string): Wish {
  const asked = new URLSearchParams(search);
  const text = (name: string) => (asked.get(name) ?? "").slice(0, 300);
  return { site: text("site"), origin: originOf(text("origin")), locale: text("locale"), accent: text("accent"), position: text("position") };
}

/** The page as the API takes it: no longer than a URL or title reasonably is. */
export const clipped = (page: Page): Page => ({
  url: page.url.slice(0, 2000),
  title: page.title.slice(0, 300),
  referrer: page.referrer.slice(0, 2000),
});

export class Host {
  /** False when the frame was opened as a page of its own. */
  readonly embedded = window.parent !== window;
  private waiting: FromLoader[] = [];
  private trusted = false;

  constructor(
    private readonly origin: string,
    private readonly hear: (message: FromLoader) => void,
  ) {
    addEventListener("message", (event: MessageEvent<unknown>) => {
      const known = event.source === window.parent && event.origin === this.origin && fits(event.data, LOADER_SHAPES);
      if (!known || !this.embedded) return;
      if (this.trusted) this.hear(event.data as FromLoader);
      else if (this.waiting.length < 20) this.waiting.push(event.data as FromLoader);
    });
  }

  /** Believes the embedding page once the site's settings name its origin; its first words have waited for that. */
  trust(origins: readonly string[]): void {
    if (this.trusted || !(origins.includes(this.origin) || this.origin === location.origin)) return;
    this.trusted = true;
    for (const message of this.waiting.splice(0)) this.hear(message);
  }

  /** What is to be kept holds the visitor's token, so only a page that is believed gets it. */
  tell(message: FromFrame): void {
    if (message.say === "keep" && !this.trusted) return;
    if (this.embedded && this.origin) window.parent.postMessage({ ...message, mark: MARK }, this.origin);
  }
}

/** The visitors' HTTP calls: bearer token, deadlines, errors as the server's own sentences, and one new session after a 401. */
import type { Config, FileCard, Item, Service, Session, Standing, Thread } from "./types";
import type { Page } from "../../shared/protocol";

/** An answer that is not a success; the message is the server's sentence for a person. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    detail: string,
    /** Seconds the server asked us to wait, 0 when it did not say. */
    readonly retryAfter = 0,
  ) {
    super(detail);
  }
}

export interface Draft {
  client_id: string;
  text: string;
  files: string[];
  page: Page;
  locale: string;
  time_zone: string;
}

async function request(path: string, init: RequestInit, seconds = 20): Promise<Response> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), seconds * 1000);
  try {
    const answer = await fetch(path, { ...init, signal: stop.signal, credentials: "omit" });
    if (answer.ok) return answer;
    const problem = (await answer.json().catch(() => null)) as { detail?: unknown } | null;
    const detail = typeof problem?.detail === "string" ? problem.detail : "";
    throw new Problem(answer.status, detail, Math.min(120, Number(answer.headers.get("Retry-After")) || 0));
  } finally {
    clearTimeout(timer);
  }
}

const json = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

export class Api {
  /** `renew` gets a fresh token when the server no longer knows ours; an answer that comes when `turn` is another is another person's. */
  constructor(
    private readonly token: () => string | null,
    private readonly renew: () => Promise<unknown>,
    private readonly turn: () => number,
  ) {}

  static async config(site: string): Promise<Config> {
    return (await request("/api/visitor/config?site=" + encodeURIComponent(site), {})).json();
  }

  /** `identity` is the shop's signed word on who the customer is; one that does not verify is a Problem of status 403. */
  static async session(site: string, token: string | null, identity: string | null): Promise<Session> {
    return (await request("/api/visitor/session", json({ site, token, identity }))).json();
  }

  thread(): Promise<Standing> {
    return this.read("thread");
  }

  items(after: number, limit: number): Promise<{ items: Item[]; thread: Thread | null }> {
    return this.read(`items?after=${after}&limit=${limit}`);
  }

  async earlier(): Promise<Item[]> {
    const { conversations } = await this.read<{ conversations: { items: Item[] }[] }>("earlier");
    return conversations.flatMap((one) => one.items);
  }

  send(draft: Draft): Promise<{ item: Item; thread: Thread }> {
    return this.read("messages", json(draft));
  }

  async upload(file: File): Promise<FileCard> {
    const init = { method: "POST", headers: { "Content-Type": file.type || "application/octet-stream" }, body: file };
    return (await this.read<{ file: FileCard }>("files?name=" + encodeURIComponent(file.name), init, 180)).file;
  }

  async file(id: string): Promise<Blob> {
    return (await this.call("files/" + encodeURIComponent(id), {}, 180)).blob();
  }

  async mark(what: "seen" | "delivered", pub: number): Promise<void> {
    await this.call(what, json({ pub }));
  }

  /** `name` may be empty. */
  async claim(address: string, name: string): Promise<void> {
    await this.call("claim", json(name ? { address, name } : { address }));
  }

  person(): Promise<{ thread: Thread; service: Service }> {
    return this.read("person", json({}));
  }

  async rate(score: number, comment: string): Promise<void> {
    await this.call("rating", json(comment ? { score, comment } : { score }));
  }

  solved(solved: boolean): Promise<{ thread: Thread }> {
    return this.read("solved", json({ solved }));
  }

  private async read<T>(path: string, init: RequestInit = {}, seconds?: number): Promise<T> {
    const turn = this.turn();
    const told = (await (await this.call(path, init, seconds)).json()) as T;
    this.same(turn);
    return told;
  }

  private same(turn: number): void {
    if (turn !== this.turn()) throw new Error("Somebody else is here now.");
  }

  private async call(path: string, init: RequestInit = {}, seconds?: number): Promise<Response> {
    const turn = this.turn();
    const attempt = () =>
      request("/api/visitor/" + path, { ...init, headers: { ...init.headers, Authorization: "Bearer " + this.token() } }, seconds);
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      await this.renew();
      this.same(turn);
      return attempt();
    }
  }
}

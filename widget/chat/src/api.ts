/** The visitors' HTTP calls: bearer token, deadlines, errors as the server's own sentences, and one new session after a 401. */
import type { Config, FileCard, Item, Session, Thread } from "./types";
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
  /** `renew` gets a fresh token when the server no longer knows ours. */
  constructor(
    private readonly token: () => string | null,
    private readonly renew: () => Promise<unknown>,
  ) {}

  static async config(site: string): Promise<Config> {
    return (await request("/api/visitor/config?site=" + encodeURIComponent(site), {})).json();
  }

  static async session(site: string, token: string | null): Promise<Session> {
    return (await request("/api/visitor/session", json({ site, token }))).json();
  }

  async thread(): Promise<{ thread: Thread | null; agents_available: boolean }> {
    return (await this.call("thread")).json();
  }

  async items(after: number, limit: number): Promise<{ items: Item[]; thread: Thread | null }> {
    return (await this.call(`items?after=${after}&limit=${limit}`)).json();
  }

  async earlier(): Promise<Item[]> {
    const { conversations } = (await (await this.call("earlier")).json()) as { conversations: { items: Item[] }[] };
    return conversations.flatMap((one) => one.items);
  }

  async send(draft: Draft): Promise<{ item: Item; thread: Thread }> {
    return (await this.call("messages", json(draft))).json();
  }

  async upload(file: File): Promise<FileCard> {
    const init = { method: "POST", headers: { "Content-Type": file.type || "application/octet-stream" }, body: file };
    const answer = await this.call("files?name=" + encodeURIComponent(file.name), init, 180);
    return ((await answer.json()) as { file: FileCard }).file;
  }

  async file(id: string): Promise<Blob> {
    return (await this.call("files/" + encodeURIComponent(id), {}, 180)).blob();
  }

  async mark(what: "seen" | "delivered", pub: number): Promise<void> {
    await this.call(what, json({ pub }));
  }

  async claim(address: string): Promise<void> {
    await this.call("claim", json({ address }));
  }

  async solved(solved: boolean): Promise<{ thread: Thread }> {
    return (await this.call("solved", json({ solved }))).json();
  }

  private async call(path: string, init: RequestInit = {}, seconds?: number): Promise<Response> {
    const attempt = () =>
      request("/api/visitor/" + path, { ...init, headers: { ...init.headers, Authorization: "Bearer " + this.token() } }, seconds);
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      await this.renew();
      return attempt();
    }
  }
}

// One place that talks HTTP: the header that proves the call is ours, problems as errors, and the server's clock.

export type ProblemCode =
  | "invalid" | "unauthorised" | "forbidden" | "not_found" | "conflict" | "too_large" | "too_many" | "unavailable"
  | "network";

/** An answer that is not the one asked for. `detail` is a sentence for a person (empty for `network`). */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly status: number,
    readonly detail: string,
    readonly field: string | null = null,
    readonly retryAfter: number | null = null,
  ) {
    super(detail || code);
  }

  /** True when the same call may succeed later without anybody changing anything. */
  get passing(): boolean {
    return this.code === "network" || this.code === "too_many" || this.code === "unavailable" || this.status >= 500;
  }
}

type Listener = () => void;
let signedOut: Listener = () => undefined;
let skew = 0;

/** Call `listener` whenever any answer is 401. */
export function onSignedOut(listener: Listener): void {
  signedOut = listener;
}

/** Now, by the server's clock, in microseconds: a laptop that is minutes off must not show a wrong wait. */
export function now(): number {
  return (Date.now() + skew) * 1000;
}

const byStatus: Record<number, ProblemCode> = {
  400: "invalid", 401: "unauthorised", 403: "forbidden", 404: "not_found", 409: "conflict", 413: "too_large", 429: "too_many",
};

async function problemOf(response: Response): Promise<Problem> {
  let body: { code?: ProblemCode; detail?: string; field?: string } = {};
  if ((response.headers.get("content-type") ?? "").includes("json")) {
    body = (await response.json().catch(() => ({}))) as typeof body;
  }
  const code = body.code ?? byStatus[response.status] ?? (response.status >= 500 ? "unavailable" : "invalid");
  const after = Number(response.headers.get("retry-after"));
  return new Problem(code, response.status, body.detail ?? "", body.field ?? null, after > 0 ? after : null);
}

function noteClock(response: Response): void {
  const date = Date.parse(response.headers.get("date") ?? "");
  if (Number.isNaN(date)) return;
  const off = date + 500 - Date.now();
  // The header has whole seconds: smaller differences are noise.
  skew = Math.abs(off) > 2500 ? off : 0;
}

interface Options {
  body?: unknown;
  raw?: Blob;
  quiet?: boolean;
}

/** Ask the gateway. Resolves with the parsed body (undefined for 204); rejects with Problem only. */
export async function ask<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json" };
  let body: BodyInit | undefined;
  if (method !== "GET") headers["x-throughline"] = "1";
  if (options.raw) {
    body = options.raw;
    headers["content-type"] = options.raw.type || "application/octet-stream";
  } else if (options.body !== undefined) {
    body = JSON.stringify(options.body);
    headers["content-type"] = "application/json";
  }
  let response: Response;
  try {
    response = await fetch(path, { method, headers, credentials: "same-origin", cache: "no-store", ...(body === undefined ? {} : { body }) });
  } catch {
    throw new Problem("network", 0, "");
  }
  noteClock(response);
  if (!response.ok) {
    const problem = await problemOf(response);
    if (response.status === 401 && !options.quiet) signedOut();
    throw problem;
  }
  if (response.status === 204) return undefined as T;
  try {
    return (await response.json()) as T;
  } catch {
    throw new Problem("network", response.status, "");
  }
}

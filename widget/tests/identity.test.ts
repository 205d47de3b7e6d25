/** Anonymous and signed in: two tokens that never take each other's place. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Identity } from "../chat/src/identity";
import { inMemory, type Store } from "../chat/src/storage";

const KEY = "throughline.demo.token";
const THREAD = { thread: null, known: { name: null, mail: false, phone: false }, service: { state: "open", opens_at: null, agents: [] } };

interface Asked {
  token: string | null;
  identity: string | null;
}

let store: Store;
let asked: Asked[];
let warned: unknown[][];

/** A gateway that knows the words "aino" and "mikko" and nobody else's. */
async function answer(_path: string, init: RequestInit): Promise<Response> {
  const body = JSON.parse(init.body as string) as Asked;
  asked.push({ token: body.token, identity: body.identity });
  await Promise.resolve();
  if (body.identity !== null && !["aino", "mikko"].includes(body.identity)) return Response.json({ detail: "The signature is wrong." }, { status: 403 });
  const visitor = body.identity ?? (body.token?.endsWith("-token") ? body.token.slice(0, -6) : "stranger-" + asked.length);
  return Response.json({ ...THREAD, token: visitor + "-token", visitor });
}

beforeEach(() => {
  store = inMemory();
  asked = [];
  warned = [];
  vi.stubGlobal("fetch", vi.fn(answer));
  vi.spyOn(console, "warn").mockImplementation((...words) => void warned.push(words));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("identity", () => {
  it("keeps an anonymous visitor's token", async () => {
    const identity = new Identity(store, "demo");
    await identity.renew();
    expect(store.get(KEY)).toBe("stranger-1-token");
    expect((await new Identity(store, "demo").renew()).visitor).toBe("stranger-1");
  });

  it("hands the anonymous token in once, drops it, and keeps the customer's in memory alone", async () => {
    store.set(KEY, "stranger-token");
    const identity = new Identity(store, "demo");
    identity.claim("aino");
    await identity.renew();
    expect(asked).toEqual([{ token: "stranger-token", identity: "aino" }]);
    expect(identity.signed).toBe(true);
    expect(identity.token).toBe("aino-token");
    expect(store.keys()).toEqual([]);
    await identity.renew();
    expect(asked[1]).toEqual({ token: "aino-token", identity: null });
    expect(store.keys()).toEqual([]);
    expect((await new Identity(store, "demo").renew()).visitor).toMatch(/^stranger/);
  });

  it("never vouches for one customer with another's token", async () => {
    const identity = new Identity(store, "demo");
    identity.claim("aino");
    await identity.renew();
    identity.claim("mikko");
    await identity.renew();
    expect(asked[1]).toEqual({ token: null, identity: "mikko" });
    expect(identity.token).toBe("mikko-token");
  });

  it("goes on anonymously when the word is refused, and says so without repeating it", async () => {
    store.set(KEY, "stranger-token");
    const identity = new Identity(store, "demo");
    identity.claim("forged.secret.word");
    await identity.renew();
    expect(identity.signed).toBe(false);
    expect(identity.token).toBe("stranger-token");
    expect(store.get(KEY)).toBe("stranger-token");
    expect(warned).toHaveLength(1);
    expect(JSON.stringify(warned)).not.toMatch(/secret|token/);
  });

  it("leaves the customer it had when another word is refused", async () => {
    const identity = new Identity(store, "demo");
    identity.claim("aino");
    await identity.renew();
    identity.claim("forged");
    expect((await identity.renew()).visitor).toMatch(/^stranger/);
    expect(identity.signed).toBe(false);
    expect(identity.token).not.toBe("aino-token");
  });

  it("starts afresh after a logout", async () => {
    const identity = new Identity(store, "demo");
    identity.claim("aino");
    await identity.renew();
    identity.forget();
    expect(identity.token).toBeNull();
    expect((await identity.renew()).visitor).toMatch(/^stranger/);
    expect(asked[1]).toEqual({ token: null, identity: null });
  });

  it("takes no answer about who was meant before", async () => {
    const identity = new Identity(store, "demo");
    identity.claim("aino");
    const first = identity.renew();
    identity.forget();
    const session = await first;
    expect(session.visitor).toMatch(/^stranger/);
    expect(identity.signed).toBe(false);
    expect(store.get(KEY)).toBe(identity.token);
  });

  it("asks again later when the gateway is away", async () => {
    const identity = new Identity(store, "demo");
    identity.claim("aino");
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(identity.renew()).rejects.toThrow();
    expect(identity.waiting).toBe(true);
    vi.stubGlobal("fetch", vi.fn(answer));
    await identity.renew();
    expect(identity.token).toBe("aino-token");
    expect(identity.waiting).toBe(false);
  });

  it("follows another tab's anonymous token, and only while anonymous itself", async () => {
    const identity = new Identity(store, "demo");
    await identity.renew();
    expect(identity.adopt(KEY, "other-token")).toBe(true);
    expect(identity.adopt(KEY, null)).toBe(true);
    identity.claim("aino");
    await identity.renew();
    expect(identity.adopt(KEY, "other-token")).toBe(false);
    expect(identity.token).toBe("aino-token");
  });
});

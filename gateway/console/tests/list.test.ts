import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Row } from "../src/api/types";
import { initial } from "../src/store/state";
import { applyRows, load, more, refetch, show, sweep } from "../src/store/list";
import { actOnTicked, tick, tickAll } from "../src/store/select";
import { get, set } from "../src/store/store";
import { row } from "./made";

const me = { id: "me", name: "Mikko", email: "", role: "lead", rights: ["bulk"], availability: "available", has_password: true, teams: [], load: [] } as const;
let rows: Row[] = [];
let asked: { path: string; query: URLSearchParams; body: { act?: string; items?: { id: string; version: number }[] } | null }[] = [];
let answerBulk: (items: { id: string; version: number }[]) => unknown = () => ({ done: [], failed: [] });

/** The gateway, as far as the list asks it: latest first, pages by number. */
function gateway(input: string, init: RequestInit): Response {
  const url = new URL(input, "http://gateway");
  const body = init.body ? JSON.parse(init.body as string) : null;
  asked.push({ path: url.pathname, query: url.searchParams, body });
  const json = (value: unknown) => new Response(JSON.stringify(value), { headers: { "content-type": "application/json" } });
  if (url.pathname === "/api/conversations/bulk") return json(answerBulk(body.items));
  if (url.pathname === "/api/conversations") {
    const from = Number(url.searchParams.get("cursor") ?? 0);
    const limit = Number(url.searchParams.get("limit"));
    const tag = url.searchParams.get("tag");
    const found = rows.filter((one) => one.state === url.searchParams.get("state") && (!tag || one.tags.includes(tag))).sort((a, b) => b.last_at - a.last_at);
    return json({ rows: found.slice(from, from + limit), cursor: from + limit < found.length ? String(from + limit) : null });
  }
  return json(url.pathname === "/api/me" ? me : { mine: 0 });
}

const ids = () => get().list.ids.join(" ");
const changed = (id: string, change: Partial<Row>) => applyRows([{ ...(rows.find((one) => one.id === id) as Row), ...change, version: 2, seen_seq: null }]);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", async (input: string, init: RequestInit) => gateway(input, init));
  set({ ...initial, session: "in", me: { ...me, rights: [...me.rights], teams: [], load: [] } });
  rows = ["a", "b", "c", "d"].map((id, index) => row(id, { last_at: 100 - index }));
  asked = [];
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the list", () => {
  it("asks with its filters and folds hints in by them", async () => {
    rows[0] = { ...rows[0] as Row, tags: ["vip"] };
    await show("all", { tag: "vip", priority: "2" });
    expect(Object.fromEntries(asked[0]?.query ?? [])).toEqual({ view: "all", state: "open", tag: "vip", priority: "2", limit: "50" });
    expect(ids()).toBe("a");
    changed("c", { tags: ["vip"], last_at: 200 });
    expect(ids()).toBe("c a");
    changed("d", { tags: ["other"], last_at: 300 });
    expect(ids()).toBe("c a");
    changed("a", { tags: [] });
    expect(ids()).toBe("c");
  });

  it("lets the row that is being read stay until another one is read, through hints and refetches", async () => {
    await show("all", {});
    set({ open: "b" });
    rows = rows.map((one) => (one.id === "b" ? { ...one, state: "resolved", version: 2 } : one));
    changed("b", {});
    expect(ids()).toBe("a b c d");
    await refetch();
    expect(ids()).toBe("a b c d");
    set({ open: "c" });
    sweep();
    expect(ids()).toBe("a c d");
  });

  it("loads page after page without a row twice, and fetches all of it again", async () => {
    rows = Array.from({ length: 530 }, (_, index) => row(`r${String(index).padStart(3, "0")}`, { last_at: 1000 - index }));
    await show("all", {});
    while (get().list.cursor !== null) await more();
    expect(new Set(get().list.ids).size).toBe(530);
    const before = get().list.ids;
    await refetch();
    expect(get().list.ids.slice(0, 500)).toEqual(before.slice(0, 500));
  });

  it("keeps the rows it has when fetching again fails, and says so when it has none", async () => {
    await show("all", {});
    vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("offline")));
    await expect(refetch()).rejects.toMatchObject({ code: "network" });
    expect(ids()).toBe("a b c d");
    await show("mine", {});
    expect([get().list.status, get().list.problem?.code]).toEqual(["error", "network"]);
    await load();
    expect(get().list.status).toBe("error");
  });
});

describe("acting on several", () => {
  it("ticks a range and unticks what leaves the list", async () => {
    await show("all", {});
    tick("b");
    tick("d", true);
    expect([...get().selected].sort()).toEqual(["b", "c", "d"]);
    tick("c");
    expect([...get().selected].sort()).toEqual(["b", "d"]);
    changed("d", { state: "resolved" });
    expect(get().selected).toEqual(["b"]);
  });

  it("says how many were done and which were not, and keeps those ticked", async () => {
    await show("all", {});
    tickAll();
    answerBulk = (items) => ({
      done: items.filter(({ id }) => id !== "c").map(({ id }) => ({ ...(rows.find((one) => one.id === id) as Row), state: "resolved", version: 2 })),
      failed: [{ id: "c", detail: "Liisa has it." }],
    });
    await actOnTicked("resolve", { category: "k" });
    expect(asked.find((one) => one.path.endsWith("/bulk"))?.body).toEqual({ act: "resolve", category: "k", items: ["a", "b", "c", "d"].map((id) => ({ id, version: 1 })) });
    expect([ids(), get().selected]).toEqual(["c", ["c"]]);
    const [said] = get().toasts;
    expect(said?.text).toBe("3 conversations resolved. 1 conversation could not be changed:");
    expect(said?.lines.join().replace(/[\u2068\u2069]/g, "")).toBe("Aino #1: Liisa has it.");
  });

  it("sends no more than a hundred at once", async () => {
    rows = Array.from({ length: 230 }, (_, index) => row(`r${index}`, { last_at: index }));
    await show("all", {});
    while (get().list.cursor !== null) await more();
    tickAll();
    answerBulk = (items) => ({ done: items.map(({ id }) => ({ ...(rows.find((one) => one.id === id) as Row), tags: ["x"], version: 2 })), failed: [] });
    await actOnTicked("tag", { tag: "x" });
    expect(asked.filter((one) => one.path.endsWith("/bulk")).map((one) => one.body?.items?.length)).toEqual([100, 100, 30]);
    expect([get().selected, get().selecting]).toEqual([[], false]);
  });
});

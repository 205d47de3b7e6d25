// Keeps the inbox true: hints while the socket is up, polling while it is not, and everything fetched again after each
// connect, wake-up or return to the tab.
import { findMe, listAgents, listCategories, listSnippets, listTags, listTeams } from "../api/calls";
import { Problem } from "../api/http";
import { t } from "../i18n";
import { applyDelivery, applyEntry, refetchOpen, rowChanged } from "../store/open";
import { refreshAdmin } from "../store/admin";
import { applyRows, refetch, refetchAside, refetchFigures } from "../store/list";
import { wakeOutbox } from "../store/outbox";
import { loadSearches } from "../store/searches";
import { leave } from "../store/session";
import { get, set, subscribe } from "../store/store";
import type { Connected } from "../store/state";
import { heed, storedAlerts } from "./attention";
import { wakeChime } from "./chime";
import { connect, disconnect, hurry, watch, type Hints } from "./socket";

const POLL = 10_000;
const HIDDEN_POLL = 30_000;
const TYPING_ENDS = 6000;

let up = false;
let polling = false;
let timer: ReturnType<typeof setTimeout> | null = null;
let stop: (() => void) | null = null;
let tickedAt = 0;
let syncedAt = 0;

function mark(connected: Connected): void {
  if (get().connected !== connected) set({ connected });
}

const hints: Hints = {
  entry: (hint) => applyEntry(hint.conversation_id, hint.entry),
  row: (hint) => {
    const before = get().rows;
    applyRows([hint.row]);
    heed(before, get().rows);
    rowChanged(hint.row.id);
  },
  delivery: (hint) => applyDelivery(hint.conversation_id, hint.message_id, hint.delivery),
  typing: (hint) => {
    if (hint.agent_id !== null && hint.agent_id === get().me?.id) return;
    const { [hint.conversation_id]: _gone, ...others } = get().typing;
    const until = Date.now() + TYPING_ENDS;
    set({ typing: hint.on ? { ...others, [hint.conversation_id]: { name: hint.name, who: hint.who, until } } : others });
  },
  watching: (hint) => set({ watching: { ...get().watching, [hint.conversation_id]: hint.agents } }),
  presence: ({ agent }) => {
    const put = <T extends { id: string }>(list: readonly T[]) => list.map((one) => (one.id === agent.id ? { ...one, ...agent } : one));
    set({ agents: put(get().agents), people: get().people && put(get().people ?? []) });
    const { me } = get();
    if (me?.id === agent.id) set({ me: { ...me, availability: agent.availability } });
  },
  changed: ({ what }) => {
    // Whatever fails here is fetched by the next resync.
    for (const ask of sources[what] ?? []) ask().catch(() => undefined);
    refreshAdmin(what);
  },
  signed_out: () => leave(t.signIn.ended),
};

const loadAgents = async () => set({ agents: await listAgents() });
const loadTeams = async () => set({ teams: await listTeams() });
const loadCategories = async () => set({ categories: await listCategories() });
export const loadTags = async () => set({ tags: await listTags() });
const loadSnippets = async () => {
  if (get().snippets !== null) set({ snippets: await listSnippets() });
};

/** What to ask again when the server says that something changed. */
const sources: Record<string, (() => Promise<void>)[]> = {
  people: [loadAgents], teams: [loadTeams, refetchFigures], categories: [loadCategories], snippets: [loadSnippets], searches: [loadSearches],
};

/** Who and what filters, dialogs and event lines name. */
const people = (): Promise<void>[] => [loadAgents(), loadTeams(), loadCategories(), loadTags(), loadSnippets(), loadSearches()];

/** Fetch all that is shown again. The answer to every doubt. */
export async function resync(): Promise<void> {
  if (get().session !== "in") return;
  const again = syncedAt > 0;
  syncedAt = Date.now();
  const { open, rows } = get();
  const calls: Promise<unknown>[] = [refetchFigures(), refetch(), refetchAside(), ...people()];
  if (open) calls.push(refetchOpen(open));
  await account(calls);
  if (again) heed(rows, get().rows);
}

/** What polling asks: less than a resync, because it asks often. */
async function look(): Promise<void> {
  const { open, rows } = get();
  const calls: Promise<unknown>[] = [refetchFigures(), refetch(), refetchAside()];
  if (open) calls.push(refetchOpen(open));
  await account(calls);
  if (syncedAt > 0) heed(rows, get().rows);
}

/** Learn from the outcome of several calls whether the server can be reached. */
async function account(calls: Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(calls);
  const lost = outcomes.some((one) => one.status === "rejected" && one.reason instanceof Problem && one.reason.code === "network");
  if (up) return mark("socket");
  mark(lost ? "offline" : "polling");
  if (!lost) wakeOutbox();
}

function schedule(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  if (up || get().session !== "in") return;
  timer = setTimeout(() => void look().finally(schedule), document.visibilityState === "visible" ? POLL : HIDDEN_POLL);
}

function dropped(): void {
  if (polling) return;
  polling = true;
  up = false;
  set({ typing: {}, watching: {} });
  mark(navigator.onLine ? "polling" : "offline");
  void look().finally(schedule);
}

function connected(): void {
  up = true;
  polling = false;
  if (timer !== null) clearTimeout(timer);
  timer = null;
  mark("socket");
  watch(get().open);
  wakeOutbox();
  void resync();
}

async function refused(): Promise<void> {
  try {
    await findMe();
  } catch (reason) {
    if (reason instanceof Problem && reason.code === "unauthorised") leave(t.signIn.ended);
  }
}

/** The tab is looked at again, or the network came back: trust nothing that is older than a few seconds. */
function woken(): void {
  if (document.visibilityState !== "visible") return;
  hurry();
  if (Date.now() - syncedAt > 3000) void resync();
}

/** Forgets typing that was never ended, and notices that the machine slept. */
function tick(): void {
  const at = Date.now();
  if (tickedAt && at - tickedAt > 30_000) woken();
  tickedAt = at;
  const { typing } = get();
  const left = Object.entries(typing).filter(([, one]) => one.until > at);
  if (left.length !== Object.keys(typing).length) set({ typing: Object.fromEntries(left) });
}

/** Begin to be live. Undone by `goOffline`. */
export function goLive(): void {
  goOffline();
  set({ alerts: storedAlerts() });
  let watched: string | null = null;
  const unsubscribe = subscribe(() => {
    const { open } = get();
    if (open !== watched) watch((watched = open));
  });
  const ticking = setInterval(tick, 1000);
  const lost = () => !up && mark("offline");
  document.addEventListener("visibilitychange", woken);
  addEventListener("online", woken);
  addEventListener("offline", lost);
  addEventListener("pageshow", woken);
  addEventListener("pointerdown", wakeChime);
  addEventListener("keydown", wakeChime);
  stop = () => {
    unsubscribe();
    clearInterval(ticking);
    document.removeEventListener("visibilitychange", woken);
    removeEventListener("online", woken);
    removeEventListener("offline", lost);
    removeEventListener("pageshow", woken);
    removeEventListener("pointerdown", wakeChime);
    removeEventListener("keydown", wakeChime);
  };
  connect(hints, { connected, dropped, refused: () => void refused() });
  void account([refetchFigures(), ...people()]);
}

export function goOffline(): void {
  stop?.();
  stop = null;
  up = false;
  polling = false;
  tickedAt = 0;
  syncedAt = 0;
  if (timer !== null) clearTimeout(timer);
  timer = null;
  disconnect();
}

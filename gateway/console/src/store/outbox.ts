// What was sent but is not yet known to be stored. Each entry keeps its client id, so that trying again never doubles it.
import { note, reply, type Writing, type Written } from "../api/calls";
import { now, Problem } from "../api/http";
import type { Entry, Id } from "../api/types";
import { merged } from "../pure/entries";
import { newId } from "../pure/id";
import { changeDraft, clearTab, flushDrafts } from "./drafts";
import { recall, remember } from "./keep";
import { applyRows } from "./list";
import { emptyDraft, type Pending, type Tab } from "./state";
import { get, set } from "./store";
import { sentence } from "./toasts";

const place = () => `outbox.${get().me?.id ?? ""}`;
const busy = new Set<Id>();
const LONGEST = 30_000;

function put(pending: readonly Pending[]): void {
  set({ pending });
  remember(place(), pending.length ? pending : null);
}

function patch(client: string, change: Partial<Pending>): void {
  put(get().pending.map((one) => (one.client_id === client ? { ...one, ...change } : one)));
}

/** What was on its way when the page went: shown as not sent, because nobody should find it sent hours later. */
export function restoreOutbox(): void {
  const kept = recall<Pending[]>(place(), []);
  set({ pending: kept.map((one) => ({ ...one, state: "failed" as const })) });
}

/** Entries with the same client id have arrived: the optimistic ones go. */
export function settle(entries: readonly Entry[]): void {
  const arrived = new Set(entries.map((entry) => (entry.kind === "message" ? entry.client_id : null)));
  const rest = get().pending.filter((one) => !arrived.has(one.client_id));
  if (rest.length !== get().pending.length) put(rest);
}

/** Send what the draft's tab holds. The text leaves the field only into the outbox. */
export function send(conversation: Id, tab: Tab): void {
  const draft = get().drafts[conversation] ?? emptyDraft;
  const text = draft.text[tab].trim();
  const files = draft.files[tab].flatMap((upload) => (upload.file ? [upload.file] : []));
  if ((!text && !files.length) || files.length !== draft.files[tab].length) return;
  const client_id = newId();
  const address = tab === "reply" ? draft.address : null;
  put([...get().pending, { client_id, conversation, tab, text, files, address, at: now(), state: "sending", problem: null }]);
  clearTab(conversation, tab);
  flushDrafts();
  void drain(conversation);
}

function stored(written: Written, conversation: Id): void {
  const { pages } = get();
  const page = pages[conversation];
  if (page?.status === "ready") {
    set({ pages: { ...pages, [conversation]: { ...page, entries: merged(page.entries, [written.entry]) } } });
  }
  applyRows([written.conversation]);
}

/** One conversation's outbox in order; a failure stops it, a passing trouble makes it wait. */
async function drain(conversation: Id): Promise<void> {
  if (busy.has(conversation)) return;
  busy.add(conversation);
  let delay = 1000;
  try {
    for (;;) {
      const next = get().pending.find((one) => one.conversation === conversation && one.state !== "failed");
      if (!next || get().session !== "in") return;
      try {
        await sendOne(next);
        delay = 1000;
      } catch (reason) {
        if (!(reason instanceof Problem && reason.passing)) {
          const placeholder = reason instanceof Problem && reason.field === "placeholder";
          patch(next.client_id, { state: "failed", problem: sentence(reason), placeholder });
          continue;
        }
        patch(next.client_id, { state: "waiting", problem: null });
        await pause(reason.retryAfter ? reason.retryAfter * 1000 : delay);
        delay = Math.min(LONGEST, delay * 2);
      }
    }
  } finally {
    busy.delete(conversation);
  }
}

async function sendOne(one: Pending): Promise<void> {
  const writing: Writing = { client_id: one.client_id, text: one.text, files: one.files.map((file) => file.id) };
  if (one.address) writing.address = one.address;
  if (one.as_is && one.tab === "reply") writing.as_is = true;
  const written = await (one.tab === "reply" ? reply : note)(one.conversation, writing);
  stored(written, one.conversation);
  put(get().pending.filter((other) => other.client_id !== one.client_id));
}

const sleepers = new Set<() => void>();

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      sleepers.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    sleepers.add(wake);
  });
}

/** The connection is back: what waits is tried at once. */
export function wakeOutbox(): void {
  for (const wake of [...sleepers]) wake();
}

/** Try again; `asIs` sends what was refused for a placeholder just as it is written. */
export function sendAgain(client: string, asIs = false): void {
  const one = get().pending.find((other) => other.client_id === client);
  if (!one) return;
  patch(client, { state: "sending", problem: null, at: now(), placeholder: false, as_is: asIs || (one.as_is ?? false) });
  void drain(one.conversation);
}

/** Drop an unsent entry; with `edit` its text and files go back into the draft, before what is there. */
export function takeBack(client: string, edit: boolean): void {
  const one = get().pending.find((other) => other.client_id === client);
  if (!one) return;
  put(get().pending.filter((other) => other !== one));
  if (!edit) return;
  const have = get().drafts[one.conversation] ?? emptyDraft;
  const text = have.text[one.tab] ? `${one.text}\n\n${have.text[one.tab]}` : one.text;
  const files = one.files.map((file) => ({ key: newId(), name: file.name, size: file.size, media_type: file.media_type, file, problem: null }));
  changeDraft(one.conversation, {
    text: { ...have.text, [one.tab]: text },
    files: { ...have.files, [one.tab]: [...files, ...have.files[one.tab]] },
  });
}

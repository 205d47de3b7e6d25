// What somebody began to write, per conversation, kept in this browser under their own id.
import { addFile } from "../api/calls";
import type { Id } from "../api/types";
import { newId } from "../pure/id";
import { t } from "../i18n";
import { sentence, toast } from "./toasts";
import { get, set } from "./store";
import { emptyDraft, type Draft, type Tab, type Upload } from "./state";
import { recallAll, remember } from "./keep";

/** One key per conversation, so that two tabs do not write over each other. */
const place = () => `drafts.${get().me?.id ?? ""}.`;
const changed = new Set<Id>();
/** As many as a message carries. */
const MOST_FILES = 10;
const waiting = new Map<string, File>();

/** Nothing typed, nothing attached. */
export function isBlank(draft: Draft | undefined): boolean {
  return !draft || (!draft.text.reply.trim() && !draft.text.note.trim() && !draft.files.reply.length && !draft.files.note.length);
}

function write(): void {
  const done = (uploads: Upload[]) => uploads.filter((upload) => upload.file);
  for (const id of changed) {
    const draft = get().drafts[id];
    const kept = draft && !isBlank(draft) ? { ...draft, files: { reply: done(draft.files.reply), note: done(draft.files.note) } } : null;
    remember(place() + id, kept);
  }
  changed.clear();
}

/** Bring back what was kept for the person who signed in. */
export function restoreDrafts(): void {
  set({ drafts: recallAll<Draft>(place()) });
}

let timer: ReturnType<typeof setTimeout> | null = null;

export function changeDraft(id: Id, change: Partial<Draft>): void {
  const { drafts } = get();
  changed.add(id);
  set({ drafts: { ...drafts, [id]: { ...(drafts[id] ?? emptyDraft), ...change } } });
  timer ??= setTimeout(flushDrafts, 300);
}

/** Write the drafts down now: the page may be about to go. */
export function flushDrafts(): void {
  if (timer === null) return;
  clearTimeout(timer);
  timer = null;
  write();
}

export function setText(id: Id, tab: Tab, text: string): void {
  const draft = get().drafts[id] ?? emptyDraft;
  changeDraft(id, { text: { ...draft.text, [tab]: text } });
}

function setUploads(id: Id, tab: Tab, change: (have: Upload[]) => Upload[]): void {
  const draft = get().drafts[id] ?? emptyDraft;
  changeDraft(id, { files: { ...draft.files, [tab]: change(draft.files[tab]) } });
}

async function upload(id: Id, tab: Tab, key: string): Promise<void> {
  const file = waiting.get(key);
  if (!file) return;
  const put = (change: Partial<Upload>) => setUploads(id, tab, (have) => have.map((one) => (one.key === key ? { ...one, ...change } : one)));
  put({ problem: null });
  try {
    put({ file: await addFile(file) });
    waiting.delete(key);
  } catch (reason) {
    put({ problem: sentence(reason) });
  }
}

/** Begin to upload files for the draft's tab. */
export function attach(id: Id, tab: Tab, files: readonly File[]): void {
  const room = MOST_FILES - (get().drafts[id] ?? emptyDraft).files[tab].length;
  if (files.length > room) toast(t.file.most(MOST_FILES), "bad");
  for (const file of files.slice(0, Math.max(0, room))) {
    const key = newId();
    waiting.set(key, file);
    const begun: Upload = { key, name: file.name || "file", size: file.size, media_type: file.type, file: null, problem: null };
    setUploads(id, tab, (have) => [...have, begun]);
    void upload(id, tab, key);
  }
}

export const uploadAgain = (id: Id, tab: Tab, key: string) => void upload(id, tab, key);

export function removeUpload(id: Id, tab: Tab, key: string): void {
  waiting.delete(key);
  setUploads(id, tab, (have) => have.filter((one) => one.key !== key));
}

/** The tab was sent: empty it, keep the other one. */
export function clearTab(id: Id, tab: Tab): void {
  const draft = get().drafts[id] ?? emptyDraft;
  changeDraft(id, { text: { ...draft.text, [tab]: "" }, files: { ...draft.files, [tab]: [] } });
}

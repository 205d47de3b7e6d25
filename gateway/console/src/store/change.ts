// What an agent changes about a conversation and around it: its facts, tags, links, what it is made of, spam and blocks.
import * as api from "../api/calls";
import type { Card, Id, LinkKind, Row } from "../api/types";
import { t } from "../i18n";
import { attempt } from "./acts";
import { applyRows } from "./list";
import { applyCard, patch, refetchOpen } from "./open";
import { hashOf } from "./place";
import { go } from "./route";
import { get, set } from "./store";
import { complain, retract, toast } from "./toasts";

export const change = (id: Id, what: api.Change) => attempt(id, (row) => api.changeConversation(id, row.version, what));

export const addTag = (id: Id, tag: string) => attempt(id, () => api.changeTags(id, [tag], []));
export const removeTag = (id: Id, tag: string) => attempt(id, () => api.changeTags(id, [], [tag]));

/** The tags to complete from, fetched again: others add some too. */
export async function renewTags(): Promise<void> {
  try {
    set({ tags: await api.listTags() });
  } catch {
    // Only an aid: a tag can be typed in full without it.
  }
}

async function orComplain<T>(act: () => Promise<T>): Promise<T | null> {
  try {
    return await act();
  } catch (reason) {
    complain(reason);
    return null;
  }
}

/** Link to another conversation, given by id or number. Throws Problem for the dialog to explain. */
export async function link(id: Id, other: string, kind: LinkKind, number: number): Promise<void> {
  patch(id, { links: await api.addLink(id, other, kind) });
  toast(t.link.done(number), "good");
}

export async function unlink(id: Id, other: Id, kind: LinkKind): Promise<void> {
  const links = await orComplain(() => api.removeLink(id, other, kind));
  if (!links) return;
  patch(id, { links });
  toast(t.link.undone, "good");
}

/** The conversation of that number, as the search finds it; null when there is none to be seen. */
export async function rowByNumber(number: string): Promise<Row | null> {
  const page = await api.listConversations({ view: "all", state: "any", q: number }, null, 200);
  return page.rows.find((row) => String(row.number) === number) ?? null;
}

/** The row as it stands on the server. */
export async function freshRow(id: Id): Promise<Row> {
  const view = await api.getConversation(id);
  applyRows([view.conversation]);
  return view.conversation;
}

/** `gone` becomes part of `kept`. Throws Problem for the dialog to explain. */
export async function join(kept: Row, gone: Row): Promise<void> {
  applyRows([await api.join(kept.id, kept.version, gone.id)]);
  if (get().open === gone.id) go({ open: kept.id }, true);
  toast(t.join.done(gone.number, kept.number), "good", { act: { label: t.undo, run: () => void part(gone.id) } });
  await Promise.all([freshRow(gone.id), refetchOpen(kept.id)]).catch(complain);
}

/** A joined conversation stands alone again. */
export async function part(gone: Id): Promise<void> {
  await orComplain(async () => {
    const before = await freshRow(gone);
    applyRows([await api.part(gone, before.version)]);
    toast(t.join.undone(before.number), "good");
    const { open } = get();
    if (open) await refetchOpen(open);
  });
}

export const startSplit = () => set({ splitting: [] });
export const stopSplit = () => set({ splitting: null });

export function choose(message: Id, on: boolean): void {
  const { splitting } = get();
  if (splitting) set({ splitting: on ? [...splitting, message] : splitting.filter((one) => one !== message) });
}

/** Move the chosen messages to a conversation of their own. Throws Problem for the bar to explain. */
export async function split(id: Id, subject: string): Promise<void> {
  const { rows, splitting } = get();
  const row = rows[id];
  if (!row || !splitting?.length) return;
  const begun = await api.split(id, row.version, [...splitting], subject);
  stopSplit();
  applyRows([begun]);
  toast(t.split.done(begun.number), "good", { act: { label: t.undo, run: () => void putBack(id, begun.id) } });
  await refetchOpen(id, true).catch(complain);
}

async function putBack(id: Id, begun: Id): Promise<void> {
  await orComplain(async () => {
    const kept = await freshRow(id);
    applyRows([await api.join(id, kept.version, begun)]);
    toast(t.split.undone, "good");
    if (get().open === begun) go({ open: id }, true);
    await Promise.all([freshRow(begun), refetchOpen(id, true)]);
  });
}

export async function unspam(id: Id): Promise<void> {
  if (!(await attempt(id, (row) => api.unspam(id, row.version)))) return;
  retract(t.spam.done);
  toast(t.spam.undone, "good");
  await refetchOpen(id).catch(complain);
}

/** Mark as spam, and with `block` take nothing from the contact any more. */
export async function spam(id: Id, block: boolean): Promise<boolean> {
  if (!(await attempt(id, (row) => api.spam(id, row.version, block)))) return false;
  toast(t.spam.done, "good", { act: { label: t.undo, run: () => void unspam(id) } });
  if (get().open === id) await refetchOpen(id).catch(complain);
  return true;
}

export async function unblock(card: Pick<Card, "id">, name: string): Promise<void> {
  const changed = await orComplain(() => api.unblockContact(card.id));
  if (!changed) return;
  applyCard(changed);
  toast(t.block.undone(name), "good");
}

export async function block(card: Pick<Card, "id">, name: string): Promise<boolean> {
  const changed = await orComplain(() => api.blockContact(card.id));
  if (!changed) return false;
  applyCard(changed);
  toast(t.block.done(name), "good", { act: { label: t.block.undo, run: () => void unblock(card, name) } });
  return true;
}

function copiedByHand(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

/** The address of the conversation into the clipboard; on plain http the browser offers only the old way. */
export async function copyLink(id: Id): Promise<void> {
  const address = location.origin + location.pathname + hashOf({ shelf: "all", filters: {}, open: id, card: false });
  let done = false;
  try {
    await navigator.clipboard.writeText(address);
    done = true;
  } catch {
    done = copiedByHand(address);
  }
  toast(done ? t.more.copied : t.more.notCopied, done ? "good" : "bad");
}

/** The snippets to choose from; fetched once, and again when somebody changed one. */
export async function loadSnippets(): Promise<void> {
  if (get().snippets === null) set({ snippets: await api.listSnippets() });
}

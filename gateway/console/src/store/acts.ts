// What an agent does to a conversation. A 409 is not an error but news: say who has it, and show what is true.
import * as api from "../api/calls";
import { Problem } from "../api/http";
import type { Card, Id, Row } from "../api/types";
import { t } from "../i18n";
import { actOn } from "../live/attention";
import { applyRows } from "./list";
import { applyCard, refetchOpen } from "./open";
import { go } from "./route";
import type { Open } from "./state";
import { get, set } from "./store";
import { complain, sentence, toast } from "./toasts";

export const openDialog = (dialog: Open) => set({ dialog });
export const closeDialog = () => set({ dialog: null });

/** Do one thing to a conversation; false when it failed, which has been said by then. */
export async function attempt(id: Id, act: (row: Row) => Promise<Row>): Promise<boolean> {
  const row = get().rows[id];
  if (!row) return false;
  actOn(id);
  try {
    applyRows([await act(row)]);
    return true;
  } catch (reason) {
    if (reason instanceof Problem && reason.code === "conflict") {
      toast(sentence(reason), "bad");
      await refetchOpen(id).catch(complain);
    } else complain(reason);
    return false;
  }
}

export const take = (id: Id) => attempt(id, (row) => api.take(id, row.version));
export const decline = (id: Id) => attempt(id, (row) => api.decline(id, row.version));
export const reopen = (id: Id) => attempt(id, (row) => api.reopen(id, row.version));
export const snooze = (id: Id, until: number) => attempt(id, (row) => api.snooze(id, row.version, until));
export const resolve = (id: Id, category: Id | null) => attempt(id, (row) => api.resolve(id, row.version, category));
export const handOver = (id: Id, to: { agent: Id | null; team: Id | null; note: string }) =>
  attempt(id, (row) => api.handOver(id, row.version, to));

/** Accept an offer and show the conversation. */
export async function accept(id: Id): Promise<void> {
  if (await attempt(id, (row) => api.accept(id, row.version))) go({ shelf: "mine", open: id });
}

export async function rename(contact: Id, name: string): Promise<boolean> {
  try {
    applyCard(await api.renameContact(contact, name));
    return true;
  } catch (reason) {
    complain(reason);
    return false;
  }
}

/** Fold `other` into the contact of conversation `id`. Throws Problem for the dialog to explain. */
export async function merge(id: Id, kept: Id, other: Id): Promise<void> {
  const { merge: made } = await api.mergeContacts(kept, other);
  toast(t.merge.done, "good", { act: { label: t.undo, run: () => void undoMerge(id, made.id) } });
  await refetchOpen(id).catch(complain);
  const into = get().pages[id]?.joinedTo;
  if (into && get().open === id) go({ open: into }, true);
}

export async function undoMerge(id: Id, merge: Id): Promise<void> {
  try {
    await api.undoMerge(merge);
    toast(t.merge.undone, "good");
    await refetchOpen(id);
  } catch (reason) {
    complain(reason);
  }
}

/** Open what is to be done next, as the server sees it. */
export async function next(): Promise<void> {
  try {
    const row = await api.getNext();
    const { me, open, admin } = get();
    if (!row) return toast(me?.availability === "away" ? t.next.noneAway : t.next.none);
    applyRows([row]);
    if (row.id === open && !admin) toast(t.next.here);
    else go({ open: row.id });
  } catch (reason) {
    complain(reason);
  }
}

/** Open a ticket and show it. Throws Problem for the form to explain. */
export async function openTicket(ticket: api.Ticket): Promise<void> {
  const answer = await api.openTicket(ticket);
  const row = answer.conversation ?? (answer as Row);
  if (answer.conversation) applyRows([answer.conversation]);
  go({ shelf: "all", open: row.id });
}

/** Everything the actions depend on for a row. */
export interface Allowed {
  write: boolean;
  take: boolean;
  handOver: boolean;
  resolve: boolean;
  snooze: boolean;
  reopen: boolean;
}

export function allowed(row: Row, me: { id: Id; role: string }): Allowed {
  const write = me.role !== "viewer" && row.state !== "joined";
  const open = row.state === "open";
  return {
    write,
    take: write && open && row.assignee?.id !== me.id,
    handOver: write && open,
    resolve: write && (open || row.state === "snoozed"),
    snooze: write && open,
    reopen: write && !open,
  };
}

export const nameOnCard = (card: Card | null, otherwise: string) => card?.name.trim() || otherwise;

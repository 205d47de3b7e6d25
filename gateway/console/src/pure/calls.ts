// What deserves a sound or a notification: work that came to the person at this desk, and nothing else.
import type { Id, Row } from "../api/types";

export type CallKind = "offered" | "assigned" | "wrote" | "waits";

export interface Call {
  kind: CallKind;
  row: Row;
  /** The same for the same event in every tab. */
  key: string;
}

interface Listener {
  id: Id;
  availability: string;
}

/** Rows nobody knew before are news only while they are this young, in microseconds: a reload is not news. */
export const YOUNG = 120_000_000;

const isQueued = (row: Row | undefined) => !!row && row.state === "open" && row.assignee === null && row.waiting_since !== null;

/**
 * What the step from `have` to `next` means to `me`; null when it is none of their business. `own` is true for what they
 * did themselves: nobody needs to be told what they just clicked. `now` in microseconds.
 */
export function callFor(have: Row | undefined, next: Row, me: Listener, now: number, own: boolean): Call | null {
  if (own || next.state !== "open" || next.spam || (!have && now - next.last_at > YOUNG)) return null;
  const call = (kind: CallKind, mark: number): Call => ({ kind, row: next, key: `${kind} ${next.id} ${mark}` });
  const offer = next.offer;
  if (offer && offer.agent_id === me.id && offer.deadline > now) return have?.offer?.deadline === offer.deadline ? null : call("offered", offer.deadline);
  if (next.assignee?.id === me.id) {
    if (have?.assignee?.id !== me.id) return call("assigned", next.version);
    return next.preview_author === "customer" && next.last_seq > have.last_seq ? call("wrote", next.last_seq) : null;
  }
  if (!isQueued(next) || isQueued(have) || offer || me.availability !== "available") return null;
  return call("waits", next.waiting_since ?? 0);
}

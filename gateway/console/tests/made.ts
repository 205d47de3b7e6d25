// Rows and entries for the tests, with what a test does not care about filled in.
import type { EventEntry, MessageEntry, Row } from "../src/api/types";

export function row(id: string, change: Partial<Row> = {}): Row {
  return {
    id, number: 1, state: "open", subject: "", priority: 2, category: null, channel: "webchat", contact: { id: `k${id}`, name: "Aino" }, assignee: null, team: null,
    preview: "", preview_author: "customer", last_at: 0, waiting_since: null, due_at: null, created_at: 0, last_seq: 1, seen_seq: 0, version: 1,
    offer: null, snoozed_until: null, tags: [], spam: false, rating: null, ...change,
  };
}

export function message(seq: number, change: Partial<MessageEntry> = {}): MessageEntry {
  return {
    kind: "message", id: `m${seq}`, conversation_id: "c", seq, pub: seq, direction: "in", author: { id: null, name: "Aino", kind: "customer" },
    channel: "webchat", text: "", subject: null, at: seq * 1_000_000, files: [], client_id: null, delivery: null, revisions: [], ...change,
  };
}

export function event(id: string, at: number, change: Partial<EventEntry> = {}): EventEntry {
  return { kind: "event", id, name: "taken", actor: { id: "a1", name: "Mikko", kind: "agent" }, payload: {}, at, ...change };
}

// The agents' socket: hints in, typing and watching out. It never carries a message.
import { io, type Socket } from "socket.io-client";
import type { Availability, Delivery, Entry, Id, Row, Watcher } from "../api/types";

export interface Hints {
  entry(hint: { conversation_id: Id; entry: Entry }): void;
  row(hint: { row: Row }): void;
  delivery(hint: { conversation_id: Id; message_id: Id; delivery: Delivery }): void;
  typing(hint: { conversation_id: Id; who: "customer" | "agent"; agent_id: Id | null; name: string; on: boolean }): void;
  watching(hint: { conversation_id: Id; agents: Watcher[] }): void;
  presence(hint: { agent: { id: Id; availability: Availability; here: boolean } }): void;
  changed(hint: { what: string }): void;
  signed_out(): void;
}

export interface Wire {
  connected(): void;
  dropped(): void;
  refused(): void;
}

let socket: Socket | null = null;

/** Connect, and stay connected until `disconnect`. */
export function connect(hints: Hints, wire: Wire): void {
  disconnect();
  const mine = io("/agent", { path: "/socket.io", transports: ["websocket"], reconnectionDelay: 1000, reconnectionDelayMax: 10_000, timeout: 8000 });
  socket = mine;
  mine.on("connect", () => wire.connected());
  mine.on("disconnect", (reason) => {
    wire.dropped();
    // The library gives up when the server closed the socket; the server may only have been restarted.
    if (reason === "io server disconnect") setTimeout(() => socket === mine && mine.connect(), 1000);
  });
  mine.on("connect_error", (error) => {
    wire.dropped();
    if (error.message === "unauthorised") wire.refused();
    if (!mine.active) setTimeout(() => socket === mine && mine.connect(), 5000);
  });
  for (const name of Object.keys(hints) as (keyof Hints)[]) mine.on(name, hints[name]);
}

export function disconnect(): void {
  socket?.removeAllListeners();
  socket?.disconnect();
  socket = null;
}

/** Try again now instead of waiting for the next attempt. */
export function hurry(): void {
  if (socket && !socket.connected) socket.connect();
}

/** Tell the others which conversation this tab shows. */
export function watch(conversation: Id | null): void {
  if (socket?.connected) socket.emit("watch", { conversation_id: conversation });
}

let typedAt = 0;

/** The caller is typing a reply: at most one hint a second. `on: false` is always sent. */
export function typing(conversation: Id, on: boolean): void {
  if (!socket?.connected) return;
  const at = Date.now();
  if (on && at - typedAt < 1000) return;
  typedAt = on ? at : 0;
  socket.emit("typing", { conversation_id: conversation, on });
}

/** An answer stands in this tab's field, or none any more: the others are warned of writing a second one. */
export function replying(conversation: Id, on: boolean): void {
  if (socket?.connected) socket.emit("replying", { conversation_id: conversation, on });
}

/** The socket's words: hints that something changed. Whoever loses it loses speed, never a message. */
import { Manager, WebSocket } from "socket.io-client";
import type { Item, Service, Thread } from "./types";

interface Told {
  item: { item: Item };
  thread: { thread: Thread };
  receipt: { pub: number; state: Item["state"] };
  typing: { name: string; on: boolean };
  service: { service: Service };
}

export type Hints = { [Name in keyof Told]: (told: Told[Name]) => void } & {
  connected: () => void;
  lost: () => void;
  /** The server does not know our token. */
  unauthorised: () => Promise<unknown>;
};

export interface Live {
  connected: () => boolean;
  /** Says something when connected; what cannot be said now is not worth saying later. */
  emit: (name: string, payload: object) => void;
  /** Tries now instead of at the end of the pause. */
  hurry: () => void;
  /** Leaves and comes back, with the credentials of now. */
  again: () => void;
}

export function listen(token: () => string | null, hints: Hints): Live {
  let timer = 0;
  let refusals = 0;
  const manager = new Manager(location.origin, { transports: [WebSocket], timeout: 10_000, reconnectionDelayMax: 20_000, autoConnect: false });
  const socket = manager.socket("/visitor", { auth: (answer) => answer({ token: token() }) });

  // Disconnecting first also ends the library's own pause between two attempts.
  const again = () => {
    clearTimeout(timer);
    socket.disconnect().connect();
  };
  const hurry = () => {
    if (!socket.connected && !/^open/.test(manager.engine?.readyState)) again();
  };
  // The library comes back by itself from a broken connection, but not when the server closed or refused it.
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(hurry, Math.min(20_000, 1000 * 2 ** refusals++) * (0.5 + Math.random())) as unknown as number;
  };

  socket.on("connect", () => {
    refusals = 0;
    hints.connected();
  });
  socket.on("disconnect", (why) => {
    hints.lost();
    if (why === "io server disconnect") later();
  });
  socket.on("connect_error", (error) => {
    if (!socket.active) void (error.message === "unauthorised" ? hints.unauthorised() : Promise.resolve()).finally(later);
  });
  for (const name of ["item", "thread", "receipt", "typing", "service"] as const) socket.on(name, hints[name]);
  socket.connect();
  return {
    connected: () => socket.connected,
    emit: (name, payload) => void (socket.connected && socket.emit(name, payload)),
    hurry,
    again,
  };
}

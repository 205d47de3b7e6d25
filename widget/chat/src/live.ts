/** The socket's words: hints that something changed. Whoever loses it loses speed, never a message. */
import { Socket } from "./socket";
import type { Item, Thread } from "./types";

export interface Hints {
  connected: () => void;
  lost: () => void;
  /** The server does not know our token. */
  unauthorised: () => Promise<unknown>;
  item: (item: Item) => void;
  thread: (thread: Thread) => void;
  receipt: (pub: number, state: Item["state"]) => void;
  typing: (name: string, on: boolean) => void;
  agents: (available: boolean) => void;
}

interface Told {
  item: { item: Item };
  thread: { thread: Thread };
  receipt: { pub: number; state: Item["state"] };
  typing: { name: string; on: boolean };
  agents: { available: boolean };
}

export function listen(token: () => string | null, hints: Hints): Socket {
  const ears: { [Name in keyof Told]: (told: Told[Name]) => void } = {
    item: (told) => hints.item(told.item),
    thread: (told) => hints.thread(told.thread),
    receipt: (told) => hints.receipt(told.pub, told.state),
    typing: (told) => hints.typing(told.name, told.on),
    agents: (told) => hints.agents(told.available),
  };
  return new Socket(location.origin.replace(/^http/, "ws"), "/visitor", () => ({ token: token() }), {
    connected: hints.connected,
    lost: hints.lost,
    refused: (why) => (why === "unauthorised" ? hints.unauthorised() : Promise.resolve()),
    event: (name, told) => {
      if (Object.keys(ears).includes(name)) (ears[name as keyof Told] as (told: unknown) => void)(told);
    },
  });
}

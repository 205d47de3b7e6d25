/** What is drawn as one bubble: a message of the server's or one still in the outbox, in one shape. */
import type { State } from "./state";
import type { Line } from "./group";
import type { FileCard } from "./types";

export type Progress = "sending" | "waiting" | "failed" | "sent" | "delivered" | "read" | "queued";

export interface Bubble extends Line {
  pub: number | null;
  client_id: string | null;
  text: string;
  files: FileCard[];
  channel: string;
  state: Progress;
  /** The server's sentence about a refused message. */
  detail: string;
}

/** All bubbles in reading order. Own messages are keyed by client id, so that a bubble stays itself when it is confirmed. */
export function bubbles(state: State): Bubble[] {
  const { line, read } = state;
  const said = [...line.earlier, ...line.items].map((item, index): Bubble => {
    const old = index < line.earlier.length;
    const progress = item.mine ? (old || item.pub <= read.pub ? "read" : "sent") : item.state;
    const { pub, client_id, text, files, channel, mine } = item;
    const shown = { pub: old ? null : pub, client_id, text, files, channel, mine, detail: "" };
    return { ...shown, key: client_id ?? item.id, name: mine ? "" : item.author.name, at: item.at / 1000, state: progress ?? "sent" };
  });
  const known = new Set(line.items.map((item) => item.client_id));
  const waiting = state.pending
    .filter((entry) => !known.has(entry.client_id))
    .map((entry): Bubble => {
      const stuck = state.tries > 0 || (state.link === "offline" && state.trouble);
      const progress = entry.refused !== null ? "failed" : stuck ? "waiting" : "sending";
      const { client_id, text, files, at } = entry;
      const shown = { pub: null, client_id, text, files, channel: "webchat", mine: true, name: "", detail: entry.refused ?? "" };
      return { ...shown, key: client_id, at, state: progress };
    });
  return [...said, ...waiting];
}

// How much of each kind of work somebody has and takes, always in the same order.
import type { Load } from "../api/types";

const order = ["chat", "text", "mail", "call"];

export const inOrder = (load: readonly Load[]): Load[] => [...load].sort((a, b) => order.indexOf(a.class) - order.indexOf(b.class));

/** What is worth a few words: the kinds they have work of, otherwise the first they take. */
export function worthSaying(load: readonly Load[]): Load[] {
  const taken = inOrder(load).filter((one) => one.cap > 0 || one.load > 0);
  const held = taken.filter((one) => one.load > 0);
  return held.length ? held : taken.slice(0, 1);
}

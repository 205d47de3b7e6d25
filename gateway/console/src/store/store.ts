// The one state and the hook that reads it. Every change goes through `set`; components re-render only when what they read changed.
import { useLayoutEffect, useReducer, useRef } from "preact/hooks";
import { initial, type State } from "./state";

let state: State = initial;
const listeners = new Set<() => void>();

export const get = (): State => state;

/** Replace part of the state and tell whoever reads it. */
export function set(change: Partial<State> | ((have: State) => Partial<State>)): void {
  const patch = typeof change === "function" ? change(state) : change;
  state = { ...state, ...patch };
  for (const listener of [...listeners]) listener();
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Equal by value one level deep: lets a selector build a small object or array. */
export function alike(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.is((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}

/** What `select` picks, kept current. */
export function useStore<T>(select: (state: State) => T): T {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const latest = useRef({ select, value: undefined as T });
  const value = select(state);
  latest.current = { select, value };
  useLayoutEffect(() => {
    const check = () => {
      if (!alike(latest.current.select(state), latest.current.value)) redraw(0);
    };
    check();
    return subscribe(check);
  }, []);
  return value;
}

/** The browser's storage behind a guard: where it is forbidden or full, the page's own memory stands in. */

export interface Store {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(): string[];
}

/** A store that lives as long as the page. */
export function inMemory(): Store {
  const kept = new Map<string, string>();
  return {
    get: (key) => kept.get(key) ?? null,
    set: (key, value) => void kept.set(key, value),
    remove: (key) => void kept.delete(key),
    keys: () => [...kept.keys()],
  };
}

/** The storage `open` gives, falling back to memory for every key it refuses. */
export function guarded(open: () => Storage): Store {
  const spare = inMemory();
  let storage: Storage | null = null;
  try {
    storage = open();
  } catch {
    return spare;
  }
  const kept = storage;
  return {
    get: (key) => spare.get(key) ?? kept.getItem(key),
    set: (key, value) => {
      try {
        kept.setItem(key, value);
        spare.remove(key);
      } catch {
        spare.set(key, value);
      }
    },
    remove: (key) => {
      spare.remove(key);
      kept.removeItem(key);
    },
    keys: () => [...spare.keys(), ...Object.keys(kept)],
  };
}

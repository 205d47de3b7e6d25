/** The browser's storage behind a guard: where it is forbidden, memory stands in, and the host page is asked to keep a copy. */

export interface Store {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(): string[];
  /** True where the browser gives this page no storage, as Chromium does to embedded pages when it blocks third-party cookies. */
  readonly borrowed: boolean;
  /** Everything as text for somebody else to keep; empty when we keep it ourselves. */
  all(): string;
  /** Takes back what `all` gave. What was set since stays. */
  fill(all: string): void;
}

/** A store that lives as long as the page; `changed` gets its whole content after every change. */
export function inMemory(changed: (all: string) => void = () => undefined): Store {
  const kept = new Map<string, string>();
  const all = () => JSON.stringify([...kept]);
  const fill = (text: string): void => {
    let entries: unknown;
    try {
      entries = JSON.parse(text || "[]");
    } catch {
      return;
    }
    for (const entry of Array.isArray(entries) ? (entries as unknown[]) : []) {
      const [key, value] = Array.isArray(entry) ? (entry as unknown[]) : [];
      if (typeof key === "string" && typeof value === "string" && !kept.has(key)) kept.set(key, value);
    }
  };
  return {
    get: (key) => kept.get(key) ?? null,
    set: (key, value) => {
      if (kept.get(key) === value) return;
      kept.set(key, value);
      changed(all());
    },
    remove: (key) => {
      if (kept.delete(key)) changed(all());
    },
    keys: () => [...kept.keys()],
    borrowed: true,
    all,
    fill,
  };
}

/** The storage `open` gives, with memory for every key it refuses; memory alone when it gives none. */
export function guarded(open: () => Storage, changed?: (all: string) => void): Store {
  let storage: Storage;
  try {
    storage = open();
  } catch {
    return inMemory(changed);
  }
  const spare = inMemory();
  return {
    get: (key) => spare.get(key) ?? storage.getItem(key),
    set: (key, value) => {
      try {
        storage.setItem(key, value);
        spare.remove(key);
      } catch {
        spare.set(key, value);
      }
    },
    remove: (key) => {
      spare.remove(key);
      storage.removeItem(key);
    },
    keys: () => [...spare.keys(), ...Object.keys(storage)],
    borrowed: false,
    all: () => "",
    fill: () => undefined,
  };
}

// What this browser remembers between visits. Storage may be full or forbidden: the inbox then works without it.

const PREFIX = "throughline.";

/** The value kept under `name`, or `otherwise` when there is none or it cannot be read. */
export function recall<T>(name: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    return otherwise;
  }
}

/** Everything kept under names that begin with `begin`, by the rest of the name. */
export function recallAll<T>(begin: string): Record<string, T> {
  const found: Record<string, T> = {};
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(PREFIX + begin)) continue;
      const value = recall<T | null>(key.slice(PREFIX.length), null);
      if (value !== null) found[key.slice(PREFIX.length + begin.length)] = value;
    }
  } catch {
    return found; // Storage is forbidden here.
  }
  return found;
}

/** Keep `value` under `name`; null forgets it. False when the browser refused. */
export function remember(name: string, value: unknown): boolean {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

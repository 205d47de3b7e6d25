import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { claim, setAlerts, storedAlerts } from "../src/live/attention";

/** What all tabs of one browser share. */
function shelf(): Storage {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value), removeItem: (key: string) => void kept.delete(key) } as unknown as Storage;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("localStorage", shelf());
  vi.stubGlobal("navigator", {});
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("one voice for all tabs", () => {
  it("lets one tab speak of an event, once, and forgets it in time", async () => {
    expect([await claim("a 1"), await claim("a 1"), await claim("a 2")]).toEqual([true, false, true]);
    vi.advanceTimersByTime(600_001);
    expect(await claim("a 1")).toBe(true);
  });

  it("speaks rather than not when the browser keeps nothing", async () => {
    vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => { throw new Error("full"); }, removeItem: () => undefined });
    expect(await claim("a 1")).toBe(true);
  });

  it("is silent until somebody asks for it, and remembers that", () => {
    expect(storedAlerts()).toEqual({ sound: false, notify: false });
    setAlerts({ sound: true });
    expect(storedAlerts()).toEqual({ sound: true, notify: false });
    setAlerts({ sound: false });
    expect(localStorage.getItem("throughline.alerts")).toBeNull();
  });
});

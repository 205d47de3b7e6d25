/** Sending: in order, again after trouble, never twice after an answer, and refused ones do not block. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../chat/src/api";
import { Outbox, type Entry } from "../chat/src/outbox";
import { Sender, backoff, isFinal } from "../chat/src/sender";
import { inMemory } from "../chat/src/storage";

const alone = (work: () => Promise<void>) => work();

function course(post: (entry: Entry) => Promise<void>) {
  const box = new Outbox(inMemory(), "throughline.demo.out.");
  box.add("client-a", "one", [], 1);
  box.add("client-b", "two", [], 2);
  return { box, sender: new Sender(box, { post, changed: () => undefined, alone }) };
}

describe("sender", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("sends in order and empties the outbox", async () => {
    const sent: string[] = [];
    const { box, sender } = course(async (entry) => void sent.push(entry.text));
    sender.wake();
    sender.wake();
    await vi.runAllTimersAsync();
    expect(sent).toEqual(["one", "two"]);
    expect(box.list()).toEqual([]);
  });

  it("tries the same message again after a network failure and a 503, before the next one", async () => {
    const tried: string[] = [];
    const answers: unknown[] = [new TypeError("Failed to fetch"), new Problem(503, "resting", 7), null, null];
    const { box, sender } = course(async (entry) => {
      tried.push(entry.text);
      const answer = answers.shift();
      if (answer) throw answer;
    });
    sender.wake();
    await vi.advanceTimersByTimeAsync(1000);
    expect(tried).toEqual(["one", "one"]);
    await vi.advanceTimersByTimeAsync(6400);
    expect(tried).toHaveLength(2);
    await vi.runAllTimersAsync();
    expect(tried).toEqual(["one", "one", "one", "two"]);
    expect(box.list()).toEqual([]);
    expect(sender.tries).toBe(0);
  });

  it("marks a refused message with the server's sentence and goes on", async () => {
    const { box, sender } = course(async (entry) => {
      if (entry.text === "one") throw new Problem(400, "The message is empty.");
    });
    sender.wake();
    await vi.runAllTimersAsync();
    expect(box.list().map((entry) => [entry.text, entry.refused])).toEqual([["one", "The message is empty."]]);
  });

  it("cuts the pause short when woken", async () => {
    let failing = true;
    const { box, sender } = course(async () => {
      if (failing) throw new TypeError("offline");
    });
    sender.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(sender.tries).toBe(1);
    failing = false;
    sender.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(box.list()).toEqual([]);
  });

  it("backs off from half a second to thirty, and knows what is final", () => {
    expect(backoff(0, 0)).toBe(500);
    expect(backoff(50, 1)).toBe(30_000);
    expect([400, 403, 404, 409, 413].every((status) => isFinal(new Problem(status, "")))).toBe(true);
    expect([401, 408, 429, 500, 503].some((status) => isFinal(new Problem(status, "")))).toBe(false);
    expect(isFinal(new TypeError("Failed to fetch"))).toBe(false);
  });
});

/** The outbox keeps order, survives a reload, and shares its keys between tabs without losing any. */
import { describe, expect, it } from "vitest";
import { Outbox } from "../chat/src/outbox";
import { guarded, inMemory } from "../chat/src/storage";

describe("outbox", () => {
  it("keeps the order of writing, even within one millisecond and with a clock set back", () => {
    const box = new Outbox(inMemory(), "throughline.demo.out.");
    box.add("client-a", "first", [], 1000);
    box.add("client-b", "second", [], 1000);
    box.add("client-c", "third", [], 10);
    expect(box.list().map((entry) => entry.text)).toEqual(["first", "second", "third"]);
  });

  it("is whole again after a reload, and seen by a second tab", () => {
    const store = inMemory();
    new Outbox(store, "demo").add("client-a", "kept", [], 1);
    const other = new Outbox(store, "demo");
    other.add("client-b", "from the other tab", [], 2);
    expect(new Outbox(store, "demo").list().map((entry) => entry.client_id)).toEqual(["client-a", "client-b"]);
  });

  it("keeps sites apart", () => {
    const store = inMemory();
    new Outbox(store, "demo").add("client-a", "x", [], 1);
    expect(new Outbox(store, "shop").list()).toEqual([]);
  });

  it("passes over a refused message until it is to be tried again", () => {
    const box = new Outbox(inMemory(), "throughline.demo.out.");
    box.add("client-a", "bad", [], 1);
    box.add("client-b", "good", [], 2);
    box.refuse("client-a", "The message is empty.");
    expect(box.next()?.client_id).toBe("client-b");
    expect(box.list()[0]?.refused).toBe("The message is empty.");
    box.retry("client-a");
    expect(box.next()?.client_id).toBe("client-a");
  });

  it("leaves out what somebody else wrote under its keys", () => {
    const store = inMemory();
    store.set("throughline.demo.out.x", "not json");
    store.set("throughline.demo.out.y", "null");
    expect(new Outbox(store, "demo").list()).toEqual([]);
  });
});

describe("guarded storage", () => {
  it("falls back to memory where storage is forbidden", () => {
    const store = guarded(() => {
      throw new Error("SecurityError");
    });
    store.set("a", "1");
    expect(store.get("a")).toBe("1");
    expect(store.keys()).toEqual(["a"]);
  });

  it("keeps in memory what a full storage refuses", () => {
    const full = { getItem: () => null, removeItem: () => undefined, setItem: () => { throw new Error("QuotaExceededError"); } };
    const store = guarded(() => full as unknown as Storage);
    store.set("a", "1");
    expect(store.get("a")).toBe("1");
    store.remove("a");
    expect(store.get("a")).toBeNull();
  });

  it("gives what it cannot store to somebody else and takes it back", () => {
    let copy = "";
    const forbidden = () => {
      throw new Error("SecurityError");
    };
    const store = guarded(forbidden, (all) => (copy = all));
    store.set("token", "abc");
    new Outbox(store, "demo").add("client-a", "kept", [], 1);
    const later = guarded(forbidden);
    later.fill(copy);
    expect(later.get("token")).toBe("abc");
    expect(new Outbox(later, "demo").list()[0]?.text).toBe("kept");
    for (const odd of ["{}", "7", "[[1,2],null]", "broken"]) later.fill(odd);
    expect(later.keys()).toHaveLength(2);
  });
});

import { describe, expect, it } from "vitest";
import { tell } from "../src/i18n/tell";
import { event } from "./made";

const told = (name: string, payload: Record<string, unknown> = {}, kind: "agent" | "customer" | "system" = "agent") =>
  tell(event("e", 0, { name, payload, actor: { id: "a", name: kind === "customer" ? "" : "Mikko", kind } }), { categories: [{ id: "c1", name: "Bugs" }] });
const line = (...parts: Parameters<typeof told>) => {
  const { actor, after, reason } = told(...parts);
  return actor + after + (reason && ` · ${reason}`);
};

const names = "assigned|released|handed_over|taken|resolved|reopened|snoozed|woken|merged|unmerged|joined|solved|not_solved|linked|file_failed|offered|declined|claimed|opened|not_delivered|tagged|untagged|prioritised|categorised|renamed|due_set|linked|unlinked|split|parted|spam|not_spam|blocked|unblocked|asked_person|rated|identified".split("|");

describe("an event's line", () => {
  it("has words for every name the contract knows, with an empty payload too", () => {
    for (const name of names) {
      const { actor, after } = told(name);
      expect(actor).toBe("Mikko");
      expect(after, name).toMatch(/^ \S/);
      expect(after, name).not.toMatch(/ · |undefined|null|NaN/);
    }
  });

  it("says what was changed to what", () => {
    expect(line("prioritised", { priority: 1 })).toBe("Mikko set the priority to urgent");
    expect(line("categorised", { category: "c1" })).toBe("Mikko set the category to Bugs");
    expect(line("categorised", { category: null })).toBe("Mikko took the category away");
    expect(line("renamed", { subject: "The chair" })).toBe("Mikko changed the subject to “The chair”");
    expect(line("renamed", { subject: "" })).toBe("Mikko took the subject away");
    expect(line("due_set", { due_at: null })).toBe("Mikko took the due date away");
    expect(line("tagged", { tag: "vip" })).toBe("Mikko added the tag “vip”");
    expect(line("untagged", { tags: ["a", "b"] })).toBe("Mikko removed the tag “a”, “b”");
    expect(line("rated", { score: 5, comment: "quick" }, "customer")).toBe("The customer rated the conversation 5 of 5 · quick");
    expect(line("not_delivered", { address: "tel:+358401", reason: "gone" }, "system")).toBe("Mikko could not deliver to +358401 · gone");
  });

  it("names the other conversation and leads there", () => {
    expect(line("linked", { kind: "blocked_by", number: 7 })).toBe("Mikko linked this as blocked by #7");
    expect(line("linked", { kind: "duplicate_of", number: 7, direction: "from" })).toBe("Mikko linked #7 as a duplicate of this");
    expect(line("linked", { to: "conv", rule: "x" })).toBe("Mikko linked this to an earlier conversation");
    expect(told("linked", { to: "conv" }).to).toBe("conv");
    expect(told("joined", { into: "x", number: 4 })).toMatchObject({ after: " merged this into #4", to: "x" });
    expect(told("joined", { from: "y", number: 5 })).toMatchObject({ after: " merged #5 into this", to: "y" });
    expect(told("split", { to: "z", number: 8, messages: 3 })).toMatchObject({ after: " moved 3 messages to #8", to: "z" });
    expect(told("parted", { from: "z", number: 8 })).toMatchObject({ after: " took this out of #8 again", to: "z" });
    expect(told("parted", { to: "z", number: 8 })).toMatchObject({ after: " took #8 out of this again", to: "z" });
    expect(told("handed_over", { to: { id: "a", name: "Sara" } }).to).toBeNull();
  });

  it("shows a name it does not know, and never what an object inherits", () => {
    expect(told("brand_new").after).toBe(" · brand new");
    expect(told("constructor").after).toBe(" · constructor");
    expect(told("__proto__").after).toBe(" ·   proto  ");
  });

  it("leaves template marks in customers' words as they are", () => {
    expect(line("rated", { score: 1, comment: "{{constructor.constructor('alert(1)')()}} {first_name}" }, "customer")).toContain("{{constructor.constructor('alert(1)')()}} {first_name}");
  });
});

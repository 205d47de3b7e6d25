import { describe, expect, it, vi } from "vitest";
import type { AuditLine, Person, Snippet } from "../src/api/types";
import { nearest, pieces } from "../src/pure/marked";
import { unfinished, usualHours, wrongsOf } from "../src/pure/hours";
import { rangeOf } from "../src/pages/admin/audit";
import { nameTaken } from "../src/pages/admin/categories";
import { givable } from "../src/pages/admin/invite";
import { takes } from "../src/pages/admin/page";
import { fitting, whereabouts } from "../src/pages/admin/people";
import { changeOf, skillsOf } from "../src/pages/admin/person";
import { fittingSnippets } from "../src/pages/admin/snippets";
import { tellStanding } from "../src/pages/admin/standing";
import { tellAudit } from "../src/pages/admin/told";
import { changesOf, discardEdit } from "../src/store/admin";
import { get, set } from "../src/store/store";
import { longEnough } from "../src/ui/secret";

const person = (id: string, change: Partial<Person> = {}): Person => ({
  id, name: id, email: `${id.toLowerCase()}@example.fi`, role: "agent", availability: "available", here: false, skills: [], teams: [], load: [], has_password: true, disabled: false, ...change,
});
const line = (act: string, change: Partial<AuditLine> = {}): AuditLine => ({ id: "l", at: 0, agent: { id: "a", name: "Mikko" }, act, conversation: null, contact: null, detail: {}, ...change });
const snippet = (name: string, change: Partial<Snippet> = {}): Snippet => ({ id: name, name, text: "", shared: false, mine: true, ...change });

describe("people", () => {
  const people = [person("Sara", { disabled: true }), person("Mikko", { skills: ["billing"], here: true, teams: ["t1"] }), person("Åsa", { role: "lead" })];
  const all = { q: "", role: "", team: "", which: "all" } as const;
  const names = (found: Person[]) => found.map((one) => one.name);

  it("are listed by name, disabled ones last", () => {
    expect(names(fitting(people, all))).toEqual(["Åsa", "Mikko", "Sara"].sort((a, b) => (a === "Sara" ? 1 : b === "Sara" ? -1 : a.localeCompare(b))));
  });

  it("are found by name without accents, address and skill, role, team and state", () => {
    expect(names(fitting(people, { ...all, q: "asa" }))).toEqual(["Åsa"]);
    expect(names(fitting(people, { ...all, q: "mikko@ billing" }))).toEqual(["Mikko"]);
    expect(names(fitting(people, { ...all, role: "lead" }))).toEqual(["Åsa"]);
    expect(names(fitting(people, { ...all, team: "t1" }))).toEqual(["Mikko"]);
    expect(names(fitting(people, { ...all, which: "here" }))).toEqual(["Mikko"]);
    expect(names(fitting(people, { ...all, which: "disabled" }))).toEqual(["Sara"]);
  });

  it("are here, away, not here, invited or disabled", () => {
    const told = [{ here: true }, { here: true, availability: "away" as const }, {}, { has_password: false }, { disabled: true, here: true }].map((change) => whereabouts(person("A", change)).text);
    expect(told).toEqual(["Here", "Here, away", "Not here", "Invited", "Disabled"]);
  });

  it("get no role above that of whoever gives it, and managers only from admins", () => {
    expect([givable("manager", false), givable("admin", true).at(-1), givable("lead", false)]).toEqual([["viewer", "agent", "lead"], "admin", ["viewer", "agent", "lead"]]);
  });

  it("are changed in what was changed only", () => {
    expect(skillsOf(" Billing, returns;billing ,, ")).toEqual(["billing", "returns"]);
    expect(changeOf({ skills: "A, b", places: { chat: "4", mail: "10" } }, { places: { chat: "3", mail: "10" } })).toEqual({ skills: ["a", "b"], places: [{ class: "chat", cap: 4 }] });
    expect(changeOf({ name: " Mikko " }, { places: {} })).toEqual({ name: "Mikko" });
  });
});

describe("an edit", () => {
  it("holds what differs from what is saved", () => {
    const saved = { name: "A", members: ["x"], hours: null };
    expect(changesOf(saved, { name: "A", members: ["x"] })).toEqual({});
    expect(changesOf<{ name: string; members: string[] }>(saved, { name: "B", members: ["x", "y"] })).toEqual({ name: "B", members: ["x", "y"] });
  });

  it("of hours is not scolded for what is only unfinished", () => {
    const form = { ...usualHours("UTC"), holidays: [{ date: "", spans: [] }, { date: "2026-02-30", spans: [] }] };
    form.week.sat = [["", ""]];
    expect(Object.keys(wrongsOf(form))).toEqual(["sat.0", "holiday.0", "holiday.1"]);
    expect(Object.keys(unfinished(form))).toEqual(["holiday.1"]);
  });
});

describe("a standing", () => {
  it("is told in words", () => {
    expect(tellStanding({ open: true, next: { date: "2026-11-23", minutes: 1020, inDays: 0 } })).toBe("Open now, until 17:00");
    expect(tellStanding({ open: true, next: { date: "2026-11-24", minutes: 120, inDays: 1 } })).toBe("Open now, until tomorrow 2:00");
    expect(tellStanding({ open: false, next: { date: "2026-11-23", minutes: 540, inDays: 2 } })).toBe("Closed. Opens Monday 9:00");
    expect(tellStanding({ open: false, next: { date: "2027-01-04", minutes: 540, inDays: 44 } })).toBe("Closed. Opens Monday 4 January 9:00");
    expect([tellStanding({ open: true, next: null }), tellStanding({ open: false, next: null })]).toEqual(["Open now, around the clock", "Closed. No opening within a year"]);
  });
});

describe("placeholders", () => {
  const known = new Set(["first_name", "agent_name"]);

  it("are cut out of the text, known and unknown, and nothing is lost", () => {
    const text = "Hi {first_name}, {firstname} {first_name:x} {} { } {agent_name}";
    const cut = pieces(text, known);
    expect(cut.map((piece) => piece.text).join("")).toBe(text);
    expect(cut.filter((piece) => piece.name !== null).map((piece) => [piece.name, piece.known])).toEqual([["first_name", true], ["firstname", false], ["first_name", false], ["agent_name", true]]);
  });

  it("have a nearest name when one was meant", () => {
    const names = ["first_name", "last_name", "number", "agent_name"];
    expect([nearest("firstname", names), nearest("First_Name", names), nearest("numbre", names), nearest("agent", names), nearest("weather", names)]).toEqual(["first_name", "first_name", "number", "agent_name", null]);
  });
});

describe("snippets and categories", () => {
  it("are found by name and text, own or shared", () => {
    const all = [snippet("refund", { text: "Your money" }), snippet("Greet", { shared: true, text: "Hello {first_name}" })];
    expect(fittingSnippets(all, "", "every").map((one) => one.name)).toEqual(["Greet", "refund"]);
    expect(fittingSnippets(all, "MONEY", "every").map((one) => one.name)).toEqual(["refund"]);
    expect([fittingSnippets(all, "", "shared").length, fittingSnippets(all, "", "own").length]).toEqual([1, 1]);
  });

  it("are not made twice, and a hidden one is named", () => {
    const categories = [{ id: "1", name: "Order", hidden: false }, { id: "2", name: "Fax", hidden: true }];
    expect(nameTaken(categories, " order ")).toContain("already");
    expect(nameTaken(categories, "fax")).toContain("hidden");
    expect([nameTaken(categories, "order", "1"), nameTaken(categories, "Return")]).toEqual([null, null]);
  });
});

describe("the audit", () => {
  it("is told in words, with what is known", () => {
    const about = { conversation: { id: "c", number: 7 }, contact: { id: "k", name: "Aino" } };
    expect(tellAudit(line("read", about))).toEqual({ who: "Mikko", act: "read", of: "of", more: "" });
    expect(tellAudit(line("searched", { detail: { hits: 3 } }))).toMatchObject({ act: "searched", more: "3 found" });
    expect(tellAudit(line("role_changed", { detail: { agent: { id: "b", name: "Sara" }, from: "agent", to: "lead" } }))).toMatchObject({ act: "changed the role of Sara", more: "Agent → Lead" });
    expect(tellAudit(line("places_changed", { detail: { agent: { id: "b", name: "Sara" }, places: { chat: 4 }, skills: ["billing"] } })).more).toBe("4 chats · billing");
    expect(tellAudit(line("invited", { detail: { agent: { id: "b", name: "Sara" }, role: "agent", by: "command line" } }))).toMatchObject({ who: "Command line", act: "invited Sara", more: "Agent" });
    expect(tellAudit(line("resolved", { ...about, detail: { category: "c1" } }), new Map([["c1", "Order"]])).more).toBe("Order");
    expect(tellAudit(line("brand_new", about)).act).toBe("brand new");
  });

  it("asks for a range of time that ends with its last day", () => {
    const at = 10 * 86_400_000_000;
    expect(rangeOf({ range: "week", since: "", until: "" }, at)).toEqual({ since: 3 * 86_400_000_000 });
    expect(rangeOf({ range: "all", since: "", until: "" }, at)).toEqual({});
    expect(rangeOf({ range: "own", since: "2026-11-21", until: "2026-11-21" }, at)).toEqual({ since: new Date(2026, 10, 21).getTime() * 1000, until: new Date(2026, 10, 22).getTime() * 1000 });
  });
});

describe("who may", () => {
  it("is named for every page", () => {
    expect(Object.fromEntries(Object.entries(takes).map(([page, { right }]) => [page, right]))).toEqual({ people: "places", teams: "settings", snippets: "reply", categories: "settings", audit: "audit" });
  });

  it("a password is counted as the server counts it", () => {
    expect(["123456789", "1234567890", "ﬁﬁﬁﬁﬁ", "🐈".repeat(9)].map(longEnough)).toEqual([false, true, true, false]);
  });
});

describe("a form", () => {
  it("keeps what was typed until it is saved or discarded", () => {
    vi.stubGlobal("addEventListener", () => undefined);
    set({ edits: { " person 1": { name: "B" }, " team 1": { name: "C" } } });
    discardEdit("person 1");
    expect(get().edits).toEqual({ " team 1": { name: "C" } });
    vi.unstubAllGlobals();
  });
});

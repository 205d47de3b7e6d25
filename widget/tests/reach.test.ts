/** What is asked while nobody is here: little, once, and nothing we know. */
import { describe, expect, it } from "vitest";
import { asked } from "../chat/src/more/asked";

const stranger = { name: null, mail: false, phone: false };

describe("the form while nobody is here", () => {
  it.each([
    [["name", "mail"], stranger, ["name", "mail"]],
    [["name", "mail", "phone"], stranger, ["name", "mail"]],
    [["mail", "phone"], stranger, ["mail", "phone"]],
    [["name", "mail"], { ...stranger, name: "Aino" }, ["mail"]],
    [["name", "mail", "phone"], { ...stranger, name: "Aino" }, ["mail", "phone"]],
    [["name", "mail"], { ...stranger, mail: true }, []],
    [["name", "mail"], { ...stranger, phone: true }, []],
    [["name"], stranger, []],
    [[], stranger, []],
  ] as const)("of %j, knowing %j, asks %j", (fields, known, wanted) => expect(asked({ fields: [...fields] }, known)).toEqual(wanted));
});

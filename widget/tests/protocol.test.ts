/** What a stranger may post to us is dropped; what the Socket.IO server sends is understood. */
import { describe, expect, it } from "vitest";
import { readWish } from "../chat/src/host";
import { pauseBefore, unpack } from "../chat/src/socket";
import { FRAME_SHAPES, LOADER_SHAPES, MARK, fits } from "../shared/protocol";

describe("postMessage shapes", () => {
  it("takes our own words", () => {
    expect(fits({ mark: MARK, say: "close" }, FRAME_SHAPES)).toBe(true);
    expect(fits({ mark: MARK, say: "unread", count: 3 }, FRAME_SHAPES)).toBe(true);
    expect(fits({ mark: MARK, say: "page", url: "https://a.example/", title: "A", referrer: "" }, LOADER_SHAPES)).toBe(true);
  });

  it.each([
    null,
    undefined,
    "close",
    7,
    [],
    { say: "close" },
    { mark: MARK },
    { mark: MARK, say: "constructor" },
    { mark: MARK, say: "__proto__" },
    { mark: MARK, say: ["close"] },
    { mark: MARK, say: "unread", count: "3" },
    { mark: MARK, say: "unread", count: NaN },
    { mark: MARK, say: "look", accent: "#fff", position: "right" },
    { mark: MARK, say: "look", accent: "#fff", position: "right", title: "x".repeat(100_001) },
  ])("drops %j", (data) => expect(fits(data, FRAME_SHAPES)).toBe(false));

  it("believes no origin that is not one", () => {
    expect(readWish("?site=demo&origin=https://shop.example").origin).toBe("https://shop.example");
    for (const origin of ["*", "https://shop.example/path", "null", "javascript:1"]) expect(readWish("?origin=" + encodeURIComponent(origin)).origin).toBe("");
  });
});

describe("Socket.IO packets", () => {
  it("reads events, with and without an acknowledgement id", () => {
    expect(unpack('42/visitor,["agents",{"available":true}]', "42", "/visitor")).toEqual(["agents", { available: true }]);
    expect(unpack('42/visitor,17["agents",{"available":false}]', "42", "/visitor")).toEqual(["agents", { available: false }]);
    expect(unpack('40/visitor,{"sid":"x"}', "40", "/visitor")).toEqual({ sid: "x" });
    expect(unpack('44/visitor,{"message":"unauthorised"}', "44", "/visitor")).toEqual({ message: "unauthorised" });
  });

  it("ignores other namespaces and broken packets", () => {
    expect(unpack('42/agent,["row",{}]', "42", "/visitor")).toBeNull();
    expect(unpack('42["row",{}]', "42", "/visitor")).toBeNull();
    expect(unpack("42/visitor,[", "42", "/visitor")).toBeNull();
  });

  it("waits between half a second and thirty before it connects again", () => {
    expect(pauseBefore(0, 0)).toBe(500);
    expect(pauseBefore(99, 1)).toBe(30_000);
  });
});

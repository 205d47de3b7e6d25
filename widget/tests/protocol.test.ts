/** What a stranger may post to us is dropped. */
import { describe, expect, it } from "vitest";
import { readWish } from "../chat/src/host";
import { FRAME_SHAPES, LOADER_SHAPES, MARK, fits } from "../shared/protocol";

describe("postMessage shapes", () => {
  it("takes our own words", () => {
    expect(fits({ mark: MARK, say: "close" }, FRAME_SHAPES)).toBe(true);
    expect(fits({ mark: MARK, say: "unread", count: 3 }, FRAME_SHAPES)).toBe(true);
    expect(fits({ mark: MARK, say: "page", url: "https://a.example/", title: "A", referrer: "", scheme: "normal" }, LOADER_SHAPES)).toBe(true);
  });

  it("takes who is signed in as one text", () => {
    expect(fits({ mark: MARK, say: "identity", jwt: "a.b.c" }, LOADER_SHAPES)).toBe(true);
    for (const jwt of [undefined, null, 7, { toString: () => "a.b.c" }, "x".repeat(100_001)]) expect(fits({ mark: MARK, say: "identity", jwt }, LOADER_SHAPES)).toBe(false);
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
    { mark: MARK, say: "look", accent: "#fff", position: "right", close: "Close", unread: "Unread", title: "x".repeat(100_001) },
    { mark: MARK, say: "identity", jwt: "a.b.c" },
  ])("drops %j", (data) => expect(fits(data, FRAME_SHAPES)).toBe(false));

  it("believes no origin that is not one", () => {
    expect(readWish("?site=demo&origin=https://shop.example").origin).toBe("https://shop.example");
    for (const origin of ["*", "https://shop.example/path", "null", "javascript:1"]) expect(readWish("?origin=" + encodeURIComponent(origin)).origin).toBe("");
  });
});

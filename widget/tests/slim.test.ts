/** What stands in for parts of the libraries in the built frame does what they do. */
import { describe, expect, it } from "vitest";
import { decodePacket as theirDecode } from "../../node_modules/engine.io-parser/build/esm/decodePacket.browser.js";
import { encodePacket as theirEncode } from "../../node_modules/engine.io-parser/build/esm/encodePacket.browser.js";
import * as theirQuery from "../../node_modules/engine.io-client/build/esm/contrib/parseqs.js";
import * as theirUrl from "../../node_modules/engine.io-client/build/esm/contrib/parseuri.js";
import { decodePacket, encodePacket } from "../chat/slim/packets";
import * as url from "../chat/slim/url";

describe("stand-ins", () => {
  it.each(['0{"sid":"a"}', "1", "2", "3", '42/visitor,["item",{}]', "4", "6", "9x", "", "x"])("reads the packet %j", (text) =>
    expect(decodePacket(text)).toEqual(text.length > 1 ? theirDecode(text) : { data: "", ...theirDecode(text) }),
  );

  it.each([{ type: "pong" }, { type: "ping", data: "probe" }, { type: "message", data: '0/visitor,{"token":"x"}' }] as const)("writes the packet %j", (packet) => {
    const written: unknown[] = [];
    theirEncode(packet, true, (text) => written.push(text));
    encodePacket(packet, true, (text) => written.push(text));
    expect(written[1]).toBe(written[0]);
  });

  it.each(["https://chat.shop.example", "http://127.0.0.1:8080", "http://[::1]:8080", "https://[2001:db8::1]"])("reads the address %s", (origin) => {
    const { protocol, host, port } = theirUrl.parse(origin);
    expect(url.parse(origin)).toEqual({ protocol, host, port: port ?? "" });
  });

  it("writes and reads queries", () => {
    const query = { EIO: "4", transport: "websocket" };
    expect(url.encode(query)).toBe(theirQuery.encode(query));
    expect(url.decode("EIO=4&transport=websocket")).toEqual(query);
  });
});

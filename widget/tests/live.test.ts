/** The socket against a scripted server: how it greets, comes back, renews its token and stays away from the server's throat. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Hints, Live } from "../chat/src/live";

/** The server's end of every connection that was opened, newest last. */
const ends: Wire[] = [];

class Wire {
  onopen?: () => void;
  onclose?: (event: object) => void;
  onerror?: (event: object) => void;
  onmessage?: (event: { data: string }) => void;
  sent: string[] = [];

  constructor(readonly address: string) {
    ends.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.onclose?.({});
  }
  fails(): void {
    this.onerror?.({});
    this.onclose?.({});
  }
  async says(text: string): Promise<void> {
    this.onmessage?.({ data: text });
    await vi.advanceTimersByTimeAsync(0);
  }
  async opens(): Promise<void> {
    this.onopen?.();
    await this.says('0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":65536}');
  }
  async welcomes(): Promise<void> {
    await this.opens();
    await this.says('40/visitor,{"sid":"v"}');
  }
}

vi.stubGlobal("WebSocket", Wire);
vi.stubGlobal("location", { origin: "https://chat.example", protocol: "https:", hostname: "chat.example", port: "" });
const { listen } = await import("../chat/src/live");

const last = (): Wire => ends[ends.length - 1] as Wire;
let heard: unknown[];
let token: string;
let live: Live;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  ends.length = 0;
  heard = [];
  token = "first";
  const hear = (name: string) => (told?: unknown) => void heard.push(told === undefined ? name : [name, told]);
  const hints = Object.fromEntries(["connected", "lost", "item", "thread", "receipt", "typing", "service"].map((name) => [name, hear(name)]));
  const unauthorised = async () => void (token = "second");
  live = listen(() => token, { ...hints, unauthorised } as unknown as Hints);
});

afterEach(() => {
  vi.clearAllTimers();
  vi.useRealTimers();
});

describe("the socket", () => {
  it("greets with the token and passes on what the server says", async () => {
    expect(last().address).toBe("wss://chat.example/socket.io/?EIO=4&transport=websocket");
    live.emit("typing", { on: true });
    await last().opens();
    expect(last().sent).toEqual(['40/visitor,{"token":"first"}']);
    await last().says('40/visitor,{"sid":"v"}');
    await last().says('42/visitor,["service",{"available":true}]');
    await last().says('42/visitor,["constructor",{"available":true}]');
    expect(heard).toEqual(["connected", ["service", { available: true }]]);
    live.emit("typing", { on: true });
    await last().says("2");
    expect(last().sent.slice(1)).toEqual(['42/visitor,["typing",{"on":true}]', "3"]);
  });

  it("comes back within two seconds when the connection breaks", async () => {
    await last().welcomes();
    last().close();
    expect(heard).toEqual(["connected", "lost"]);
    expect(live.connected()).toBe(false);
    await vi.advanceTimersByTimeAsync(400);
    expect(ends).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1200);
    expect(ends).toHaveLength(2);
    await last().welcomes();
    expect(live.connected()).toBe(true);
  });

  it("keeps trying while nobody answers, more slowly each time, never all at the same moment", async () => {
    for (let tries = 0; tries < 8; tries++) {
      const before = ends.length;
      const began = Date.now();
      last().fails();
      while (ends.length === before) await vi.advanceTimersByTimeAsync(50);
      const pause = Date.now() - began;
      expect(pause).toBeGreaterThanOrEqual(Math.min(20_000, 500 * 2 ** tries));
      expect(pause).toBeLessThanOrEqual(Math.min(20_050, 1500 * 2 ** tries + 50));
    }
  });

  it("gets a new token when the server does not know the old one", async () => {
    await last().opens();
    await last().says('44/visitor,{"message":"unauthorised"}');
    await vi.advanceTimersByTimeAsync(1_501);
    expect(ends).toHaveLength(2);
    await last().welcomes();
    expect(last().sent).toEqual(['40/visitor,{"token":"second"}']);
    expect(heard).toEqual(["connected"]);
  });

  it("stays away longer after each refusal", async () => {
    for (let refusals = 0; refusals < 4; refusals++) {
      await last().opens();
      await last().says('44/visitor,{"message":"unavailable"}');
      await vi.advanceTimersByTimeAsync(1000 * 2 ** refusals * 0.5 - 1);
      expect(ends).toHaveLength(refusals + 1);
      await vi.advanceTimersByTimeAsync(1000 * 2 ** refusals + 2);
      expect(ends).toHaveLength(refusals + 2);
    }
  });

  it("comes back when the server showed it the door", async () => {
    await last().welcomes();
    await last().says("41/visitor,");
    await vi.advanceTimersByTimeAsync(1_501);
    expect(ends).toHaveLength(2);
  });

  it("hurries when asked, but never gives up an attempt that is under way", async () => {
    live.hurry();
    expect(ends).toHaveLength(1);
    await last().welcomes();
    live.hurry();
    expect(ends).toHaveLength(1);
    last().close();
    live.hurry();
    expect(ends).toHaveLength(2);
    await last().welcomes();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(ends).toHaveLength(2);
    last().close();
    await vi.advanceTimersByTimeAsync(1_600);
    expect(ends).toHaveLength(3);
  });

  it("leaves and comes back with the token of now", async () => {
    await last().welcomes();
    token = "third";
    live.again();
    expect(ends).toHaveLength(2);
    await last().opens();
    expect(last().sent).toEqual(['40/visitor,{"token":"third"}']);
  });

  it("takes a server that is silent for too long for dead", async () => {
    await last().welcomes();
    await vi.advanceTimersByTimeAsync(45_001);
    expect(heard).toEqual(["connected", "lost"]);
  });
});

/**
 * The part of the Socket.IO protocol (revision 5 over Engine.IO revision 4) that hints need: one namespace, text only, websocket only.
 * The full client would be a third of all that a visitor downloads. https://socket.io/docs/v4/socket-io-protocol/
 */

export interface Ears {
  connected: () => void;
  /** The connection is gone; the next attempt is already planned. */
  lost: () => void;
  /** The server refused the namespace, with its word for why. Resolves when another attempt makes sense. */
  refused: (why: string) => Promise<unknown>;
  event: (name: string, payload: unknown) => void;
}

const CONNECT_TIMEOUT = 10_000;

/** Milliseconds before the next attempt: 1 s doubling to 20 s, half of it chance, so that a restarted server is not met by everybody at once. */
export const pauseBefore = (tries: number, random: number): number => Math.min(20_000, 1000 * 2 ** Math.min(tries, 5)) * (0.5 + random);

/** The payload of a packet of `kind` for `namespace`, or null when it is another packet. An acknowledgement id is skipped. */
export function unpack(packet: string, kind: string, namespace: string): unknown {
  const head = kind + namespace + ",";
  if (!packet.startsWith(head)) return null;
  try {
    return JSON.parse(packet.slice(head.length).replace(/^\d+(?=[[{])/, "") || "{}");
  } catch {
    return null;
  }
}

export class Socket {
  connected = false;
  private socket: WebSocket | null = null;
  private tries = 0;
  private timer = 0;
  private watchdog = 0;
  private patience = CONNECT_TIMEOUT;

  constructor(
    private readonly url: string,
    private readonly namespace: string,
    private readonly auth: () => object,
    private readonly ears: Ears,
  ) {
    this.open();
  }

  /** Says something when connected; what cannot be said now is not worth saying later. */
  emit(name: string, payload: object): void {
    if (this.connected) this.socket?.send(`42${this.namespace},${JSON.stringify([name, payload])}`);
  }

  /** Tries now instead of at the end of the pause. */
  hurry(): void {
    if (this.socket) return;
    clearTimeout(this.timer);
    this.open();
  }

  /** Leaves and comes back, with the credentials of now. */
  again(): void {
    this.drop();
    this.hurry();
  }

  private open(): void {
    let socket: WebSocket;
    try {
      socket = new WebSocket(this.url + "/socket.io/?EIO=4&transport=websocket");
    } catch {
      return this.later();
    }
    this.socket = socket;
    this.patience = CONNECT_TIMEOUT;
    this.watch();
    socket.onmessage = (event) => {
      if (socket === this.socket && typeof event.data === "string") this.hear(event.data);
    };
    socket.onclose = () => {
      if (socket === this.socket) this.drop();
    };
  }

  private hear(packet: string): void {
    this.watch();
    if (packet === "2") this.socket?.send("3");
    else if (packet.startsWith("0{")) {
      const { pingInterval, pingTimeout } = JSON.parse(packet.slice(1)) as { pingInterval: number; pingTimeout: number };
      this.patience = pingInterval + pingTimeout;
      this.socket?.send(`40${this.namespace},${JSON.stringify(this.auth())}`);
    } else if (unpack(packet, "40", this.namespace)) {
      this.connected = true;
      this.tries = 0;
      this.ears.connected();
    } else if (packet.startsWith("41" + this.namespace)) this.drop();
    else if (packet.startsWith("44" + this.namespace)) this.refuse(unpack(packet, "44", this.namespace));
    else {
      const event = unpack(packet, "42", this.namespace);
      if (Array.isArray(event) && typeof event[0] === "string") this.ears.event(event[0], event[1]);
    }
  }

  private refuse(answer: unknown): void {
    const why = String((answer as { message?: unknown } | null)?.message ?? "");
    this.forget();
    void this.ears.refused(why).finally(() => this.later());
  }

  /** A connection that says nothing for as long as the server promised to ping is dead, whatever the network claims. */
  private watch(): void {
    clearTimeout(this.watchdog);
    this.watchdog = window.setTimeout(() => this.drop(), this.patience);
  }

  private drop(): void {
    this.forget();
    this.later();
  }

  private forget(): void {
    const { socket, connected } = this;
    clearTimeout(this.watchdog);
    this.socket = null;
    this.connected = false;
    socket?.close();
    if (connected) this.ears.lost();
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.hurry(), pauseBefore(this.tries++, Math.random()));
  }
}

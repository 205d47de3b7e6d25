/** Engine.IO packets as text: a digit for the type, then the data. https://socket.io/docs/v4/engine-io-protocol/#packet-encoding */
const TYPES = ["open", "close", "ping", "pong", "message", "upgrade", "noop"];

interface Packet {
  type: string;
  data?: string;
}

export const encodePacket = ({ type, data = "" }: Packet, _binary: boolean, done: (text: string) => void): void => done(TYPES.indexOf(type) + data);
export const encodePacketToBinary = encodePacket;

export function decodePacket(text: string): Packet {
  const type = TYPES[text[0] as unknown as number];
  return type ? { type, data: text.slice(1) } : { type: "error", data: "parser error" };
}

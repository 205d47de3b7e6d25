/** The binary halves of socket.io-parser and engine.io-parser: the gateway speaks text only and is sent text only. */
export const isBinary = (): boolean => false;
export const hasBinary = isBinary;
export const deconstructPacket = (packet: object) => ({ packet, buffers: [] as unknown[] });
export const reconstructPacket = (packet: object): object => packet;
export const decode = (): ArrayBuffer => new ArrayBuffer(0);

/** engine.io-client's list of default transports, without polling and WebTransport: `live.ts` names the one it wants. */
export const transports = {};

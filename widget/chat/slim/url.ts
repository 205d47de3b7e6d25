/** engine.io-client's reading of addresses and writing of queries, done by the browser. */

/** The parts of an absolute `text` that the engine asks for; an IPv6 host comes without brackets, because the engine adds them. */
export function parse(text: string) {
  const { protocol, hostname, port } = new URL(text);
  return { protocol: protocol.slice(0, -1), host: hostname.replace(/[[\]]/g, ""), port };
}

export const encode = (values: Record<string, string>): string => new URLSearchParams(values).toString();
export const decode = (text: string) => Object.fromEntries(new URLSearchParams(text));

/** Keeps out of the chat frame what the libraries carry for other transports, binary data and old browsers. */
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** Library file → our stand-in of `chat/slim/` for it. */
const STAND_INS: Record<string, string> = {
  "engine.io-client/build/esm/transports/index.js": "transports",
  "engine.io-client/build/esm/globals.js": "globals",
  "engine.io-client/build/esm/contrib/parseuri.js": "url",
  "engine.io-client/build/esm/contrib/parseqs.js": "url",
  "engine.io-parser/build/esm/encodePacket.browser.js": "packets",
  "engine.io-parser/build/esm/decodePacket.browser.js": "packets",
  "socket.io-parser/build/esm/binary.js": "binary",
  "socket.io-parser/build/esm/is-binary.js": "binary",
  "preact/jsx-runtime/dist/jsxRuntime.module.js": "jsx",
};

/** Transport upgrades: with one transport there is never another one to try. */
const UPGRADES = /^ {4}_probe\(name\) \{\n.*?^ {4}\}\n/ms;
const ENGINE = "engine.io-client/build/esm/socket.js";

/** Fails the build when a library no longer has a file that is replaced here, rather than letting the frame grow unseen. */
export function slim(): Plugin {
  const missing = new Set([...Object.keys(STAND_INS), ENGINE]);
  return {
    name: "slim",
    enforce: "pre",
    async resolveId(source, importer, options) {
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      const name = found?.id.replaceAll("\\", "/").split("/node_modules/").pop() ?? "";
      if (!(name in STAND_INS)) return null;
      missing.delete(name);
      return fileURLToPath(new URL(`../chat/slim/${STAND_INS[name]}.ts`, import.meta.url));
    },
    transform(code, id) {
      if (!id.replaceAll("\\", "/").endsWith(ENGINE) || !UPGRADES.test(code)) return null;
      missing.delete(ENGINE);
      return code.replace(UPGRADES, "");
    },
    buildEnd(error) {
      if (!error && missing.size) this.error("The libraries have changed; look again at what the frame needs of: " + [...missing].join(", "));
    },
  };
}

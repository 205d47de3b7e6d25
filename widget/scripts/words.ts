/** Text tables without their keys: in the built frame a sentence is known by its place in the English table. */
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const ENGLISH = new URL("../chat/src/words/en.ts", import.meta.url);
const SENTENCES = /^ {2}(\w+): "(.*)",$/gm;

/** `code` is one file of `words/`; gives its keys and sentences in order. */
function table(code: string): [keys: string[], sentences: string[]] {
  const found = [...code.matchAll(SENTENCES)];
  return [found.map((one) => one[1] as string), found.map((one) => JSON.parse(`"${one[2]}"`) as string)];
}

/** Stops the build at what it cannot translate: a table in another order, a key that is computed, a sentence with the separator in it. */
export function terseWords(): Plugin {
  const [keys] = table(readFileSync(ENGLISH, "utf8"));
  return {
    name: "terse-words",
    enforce: "pre",
    transform(code, id) {
      const file = id.replaceAll("\\", "/");
      if (/\/chat\/src\/words\/[a-z]{2}\.ts$/.test(file)) {
        const [own, sentences] = table(code);
        if (own.join() !== keys.join() || sentences.some((one) => one.includes("|"))) this.error(id + " differs from en.ts in keys or order, or has a | in it");
        const made = `${JSON.stringify(sentences.join("|"))}.split("|")`;
        return file.endsWith("/en.ts") ? `export const en = ${made};` : `export default ${made};`;
      }
      if (!/\/chat\/src\/.*\.tsx?$/.test(file)) return null;
      if (/\bwords\??\.?\[/.test(code)) this.error(id + " looks a sentence up by a computed key");
      return code.replace(/\bwords\.(\w+)/g, (whole, key: string) => {
        if (keys.includes(key)) return `words[${keys.indexOf(key)}]`;
        return this.error(`${id}: ${whole} is no sentence of en.ts`);
      });
    },
  };
}

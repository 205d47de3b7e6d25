/** Text tables without their keys: in the built frame a sentence is known by its place in the English table. */
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const SENTENCES = /^ {2}(\w+): "(.*)",$/gm;

/** `code` is one file of `words/`; gives its keys and sentences in order. */
function table(code: string): [keys: string[], sentences: string[]] {
  const found = [...code.matchAll(SENTENCES)];
  return [found.map((one) => one[1] as string), found.map((one) => JSON.parse(`"${one[2]}"`) as string)];
}

/** What the code calls a table, and its English. */
const TABLES = { words: "en", more: "more-en" };

/** Stops the build at what it cannot translate: a table in another order, a key that is computed, a sentence with the separator in it. */
export function terseWords(): Plugin {
  const keys = Object.fromEntries(Object.values(TABLES).map((file) => [file, table(readFileSync(new URL(`../chat/src/words/${file}.ts`, import.meta.url), "utf8"))[0]]));
  return {
    name: "terse-words",
    enforce: "pre",
    transform(code, id) {
      const file = id.replaceAll("\\", "/");
      const found = /\/chat\/src\/words\/(more-)?[a-z]{2}\.ts$/.exec(file);
      if (found) {
        const [own, sentences] = table(code);
        const english = keys[(found[1] ?? "") + "en"] as string[];
        if (own.join() !== english.join() || sentences.some((one) => one.includes("|"))) this.error(id + " differs from the English table in keys or order, or has a | in it");
        return `export default ${JSON.stringify(sentences.join("|"))}.split("|");`;
      }
      if (!/\/chat\/src\/.*\.tsx?$/.test(file)) return null;
      if (/\b(words|more)\??\.?\[/.test(code)) this.error(id + " looks a sentence up by a computed key");
      return code.replace(/(?<![\w./])(?:[a-z]+\.)?(words|more)\.(\w+)/g, (whole, called: keyof typeof TABLES, key: string) => {
        const at = (keys[TABLES[called]] as string[]).indexOf(key);
        if (at < 0) return this.error(`${id}: ${whole} is no sentence of ${TABLES[called]}.ts`);
        return whole.slice(0, -key.length - 1) + `[${at}]`;
      });
    },
  };
}

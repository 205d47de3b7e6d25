/**
 * Prints what visitors download, compressed, and fails when a limit is broken.
 * First open: the page, its script with what that imports, its style and the largest of the languages, of which a visitor loads one.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LOADER = 3200;
const FIRST = 30720;

const dist = process.argv[2] ?? fileURLToPath(new URL("../dist/", import.meta.url));
const chat = join(dist, "chat");
const weigh = (path) => gzipSync(readFileSync(path), { level: 9 }).length;
const assets = readdirSync(join(chat, "assets"));
const page = readFileSync(join(chat, "index.html"), "utf8");

/** The files `text` names, static imports of scripts included and `import()` left out. */
const first = new Set();
function follow(names) {
  for (const name of names) {
    if (first.has(name)) continue;
    first.add(name);
    if (!name.endsWith(".js")) continue;
    const code = readFileSync(join(chat, "assets", name), "utf8");
    follow(assets.filter((other) => new RegExp(`(from|^|[;}])\\s*(import)?\\s*["']\\./${other.replaceAll(".", "\\.")}["']`).test(code)));
  }
}
follow(assets.filter((name) => page.includes(name)));

const sizes = new Map([["index.html", weigh(join(chat, "index.html"))], ...assets.map((name) => [name, weigh(join(chat, "assets", name))])]);
const sum = (names) => names.reduce((total, name) => total + sizes.get(name), 0);
const words = assets.filter((name) => /^[a-z]{2}-/.test(name) && !first.has(name));
const lateWords = assets.filter((name) => /^more-[a-z]{2}-/.test(name));
const largest = (names) => Math.max(0, ...names.map((name) => sizes.get(name)));

const loader = weigh(join(dist, "widget.js"));
const open = sum(["index.html", ...first]) + largest(words);
const rest = assets.filter((name) => !first.has(name) && !words.includes(name) && !lateWords.includes(name));
const whole = open + sum(rest) + largest(lateWords);
for (const [name, size] of sizes) console.log(String(size).padStart(7), first.has(name) || name === "index.html" ? "first" : "     ", name);
console.log(`loader ${loader} of ${LOADER} bytes, first open ${open} of ${FIRST}, everything in one language ${whole} (gzip)`);
if (loader > LOADER || open > FIRST) process.exit(1);

/** Prints what visitors download, compressed, and fails when a limit is broken. The frame counts with the largest of its languages, of which a visitor loads one. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const weigh = (path) => gzipSync(readFileSync(path), { level: 9 }).length;
const files = readdirSync(join(dist, "chat"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const parts = files.map((entry) => [entry.name, weigh(join(entry.parentPath ?? entry.path, entry.name))]);
const loader = weigh(join(dist, "widget.js"));
const isWords = ([name]) => /^[a-z]{2}-/.test(name);
const words = parts.filter(isWords).map(([, size]) => size);
const chat = parts.filter((part) => !isWords(part)).reduce((sum, [, size]) => sum + size, 0) + Math.max(0, ...words);

for (const [name, size] of [["widget.js", loader], ...parts]) console.log(String(size).padStart(7), name);
console.log(`loader ${loader} of 3072 bytes, chat frame ${chat} of 30720 bytes (gzip)`);
if (loader > 3072 || chat > 30720) process.exit(1);

/** Puts the demo shop beside the built widget, so that the gateway has one folder to serve from. */
import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
cpSync(at("../demo"), at("../dist/demo"), { recursive: true });

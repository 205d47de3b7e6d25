/** Builds the chat frame: an HTML page the gateway serves at /chat/ with hashed files beside it. */
import { defineConfig, type Plugin } from "vite";
import { slim } from "./scripts/slim.ts";
import { terse } from "./scripts/terse.ts";
import { terseWords } from "./scripts/words.ts";

/** Browsers that load the page's module script load its imports too: Vite's preload helper would only add weight. */
function plainImports(): Plugin {
  return {
    name: "plain-imports",
    enforce: "pre",
    load: (id) => (id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : null),
  };
}

export default defineConfig({
  root: "chat",
  base: "/chat/",
  plugins: [plainImports(), slim(), terseWords(), terse()],
  build: {
    outDir: "../dist/chat",
    emptyOutDir: true,
    target: "es2020",
    cssTarget: ["chrome99", "edge99", "firefox97", "safari15.4"],
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: { treeshake: { moduleSideEffects: (id) => !/node_modules\/(socket|engine)\.io/.test(id.replaceAll("\\", "/")) } },
  },
});

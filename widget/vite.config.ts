/** Builds the chat frame: an HTML page the gateway serves at /chat/ with hashed files beside it. */
import { defineConfig, type Plugin } from "vite";

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
  plugins: [plainImports()],
  build: {
    outDir: "../dist/chat",
    emptyOutDir: true,
    target: ["chrome87", "edge88", "firefox78", "safari14.1"],
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});

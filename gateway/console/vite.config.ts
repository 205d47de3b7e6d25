// The build behind /inbox/: every script and style is an external, hashed file, because the page runs under a strict CSP.
import { defineConfig } from "vite";

export default defineConfig({
  base: "/inbox/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // light-dark() and the native <dialog> are used as they are.
    target: ["chrome123", "firefox120", "safari17.5"],
  },
});

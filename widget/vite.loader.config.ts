/** Builds the loader: one classic script without dependencies that a shop pastes into its pages. */
import { defineConfig } from "vite";
import { terse } from "./scripts/terse.ts";

export default defineConfig({
  plugins: [terse(false)],
  build: {
    outDir: "dist",
    emptyOutDir: false,
    target: "es2019",
    reportCompressedSize: false,
    lib: { entry: "loader/loader.ts", formats: ["iife"], name: "throughlineLoader", fileName: () => "widget.js" },
  },
});

/** Builds the loader: one classic script without dependencies that a shop pastes into its pages. */
import { defineConfig } from "vite";

export default defineConfig({
  build: {
    outDir: "dist",
    emptyOutDir: false,
    target: "es2019",
    reportCompressedSize: false,
    lib: { entry: "loader/loader.ts", formats: ["iife"], name: "throughlineLoader", fileName: () => "widget.js" },
  },
});

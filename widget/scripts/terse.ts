/** A second look by terser: three passes and shorter names for what the libraries mark as private with an underscore. */
import { minify } from "terser";
import type { Plugin } from "vite";

export function terse(): Plugin {
  return {
    name: "terse",
    async generateBundle(_options, bundle) {
      const nameCache = {}; // the same short name in every chunk
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        const { code } = await minify(chunk.code, {
          nameCache,
          module: true,
          ecma: 2020,
          compress: { passes: 3, pure_getters: true },
          mangle: { properties: { regex: /^_[a-z]/i } },
        });
        chunk.code = code as string;
      }
    },
  };
}

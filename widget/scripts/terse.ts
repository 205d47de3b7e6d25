/** A second look by terser: three passes and shorter names for what the libraries mark as private with an underscore. */
import { minify } from "terser";
import type { Plugin } from "vite";

/** `module` is false for a classic script. */
export function terse(module = true): Plugin {
  return {
    name: "terse",
    async generateBundle(_options, bundle) {
      const nameCache = {}; // the same short name in every chunk
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        const { code } = await minify(chunk.code, {
          nameCache,
          module,
          ecma: module ? 2020 : 2019,
          compress: { passes: 3, pure_getters: true },
          mangle: { properties: { regex: /^_[a-z]/i } },
        });
        chunk.code = code as string;
      }
    },
  };
}

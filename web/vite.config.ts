import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  root,
  plugins: [tailwindcss()],
  resolve: {
    alias: [
      { find: /^#web\/(.*)\.js$/, replacement: `${root}src/$1` },
      { find: /^#(.*)\.js$/, replacement: `${root}../src/$1` },
    ],
  },
  build: {
    outDir: fileURLToPath(new URL("../dist/web", import.meta.url)),
    emptyOutDir: true,
    // `data:` URLs and inline scripts are against the pages' content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2023",
    rolldownOptions: {
      // "use client" means nothing in a page, and every React package says it.
      onLog: (level, log, tell) => {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") tell(level, log);
      },
    },
  },
});

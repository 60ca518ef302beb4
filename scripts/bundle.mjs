import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Options that the files written by esbuild share, and those of the file that is built in two places. */

export const root = fileURLToPath(new URL("..", import.meta.url));
export const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8"));

/**
 * Options of esbuild for a file of a package.
 *
 * @param name of the package
 * @param instead modules to load in place of an import of ours: another of ours, or a file beside this one, on demand
 */
export function bundleOptions(name, instead) {
  return {
    bundle: true,
    platform: "node",
    format: "cjs",
    // `require` for modules that are loaded later: `import()` would first read megabytes for names they may export. And
    // every Node that we run on knows properties of characters: spelled out as text, an expression would be compiled at
    // each use.
    supported: { "dynamic-import": false, "regexp-unicode-property-escapes": true },
    minifySyntax: true,
    minifyWhitespace: true,
    target: `node${/\d+\.\d+/.exec(manifest.engines.node)[0]}`,
    define: { skillettPackage: JSON.stringify(name), skillettVersion: JSON.stringify(manifest.version) },
    plugins: [ourImports(instead)],
    logLevel: "warning",
  };
}

/** `#folder/file.js` is src/folder/file.ts. */
function ourImports(instead) {
  return {
    name: "our imports",
    setup({ onResolve }) {
      onResolve({ filter: /^#/ }, ({ path }) => {
        const loaded = instead[path] ?? path;
        return loaded.startsWith("#")
          ? { path: `${root}src/${loaded.slice(1).replace(/\.js$/, ".ts")}` }
          : { path: loaded, external: true };
      });
    },
  };
}

/**
 * Where MCP is spoken over stdio, stdout carries the protocol and nothing else, whatever a library may want to say.
 */
export const consoleOnStderr = {
  "console.log": "console.error",
  "console.info": "console.error",
  "console.debug": "console.error",
};

export const cliPackage = "@skillett/cli";

/** Options of esbuild for the CLI with MCP over stdio as one file, and without the server. */
export function cliOptions() {
  const options = bundleOptions(cliPackage, { "#main/up.js": "#main/no-server.js" });
  return {
    ...options,
    entryPoints: [`${root}src/main/bin.ts`],
    mainFields: ["module", "main"],
    define: { ...options.define, ...consoleOnStderr },
  };
}

import { chmod, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import { build } from "esbuild";
import { build as buildWeb } from "vite";
import { bundleOptions, consoleOnStderr, manifest, root } from "./bundle.mjs";
import { installed } from "./installed.mjs";

const dist = `${root}dist`;

const options = bundleOptions(manifest.name, {
  // Modules that are loaded on demand are files of their own.
  "#main/up.js": "./server.js",
  "#cli/mcp/mcp.js": "./mcp.js",
  "#identity/oauth-engine.js": "./oauth.js",
});

await rm(dist, { recursive: true, force: true });

// One file that needs no installed packages. CommonJS starts about 8 ms sooner than a module on Node 20,
// and most of what is called is this file: hence a package.json of its own beside it.
await build({
  ...options,
  entryPoints: [`${root}src/main/bin.ts`],
  outfile: `${dist}/skillett.js`,
});
await chmod(`${dist}/skillett.js`, 0o755);
await writeFile(`${dist}/package.json`, '{ "type": "commonjs" }\n');

// The server, which `skillett up` loads: one file too, since reading hundreds costs most of a start.
// Only what must be installed stays where npm put it; pg asks for pg-native and does without.
await build({
  ...options,
  entryPoints: [`${root}src/main/up.ts`],
  outfile: `${dist}/server.js`,
  external: [...installed, "pg-native"],
  mainFields: ["module", "main"],
  define: { ...options.define, "import.meta.url": "importMetaUrl" },
  banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
});

// The program of the threads of the server's pool, which starts them at the first job.
await build({
  ...options,
  entryPoints: [`${root}src/main/worker.ts`],
  outfile: `${dist}/worker.js`,
  external: installed,
  mainFields: ["module", "main"],
});

// The authorization server, which the first request below /oauth loads: most servers never do. oidc-provider stores
// its things under the names of its classes.
await build({
  ...options,
  entryPoints: [`${root}src/identity/oauth-engine.ts`],
  outfile: `${dist}/oauth.js`,
  mainFields: ["module", "main"],
  keepNames: true,
});

// MCP over stdio, which `skillett mcp` loads.
await build({
  ...options,
  entryPoints: [`${root}src/cli/mcp/mcp.ts`],
  outfile: `${dist}/mcp.js`,
  mainFields: ["module", "main"],
  define: { ...options.define, ...consoleOnStderr },
});

// The web pages. They are compressed here once, and better than the server could at each request.
await buildWeb({ configFile: `${root}web/vite.config.ts`, logLevel: "warn" });
const assets = `${dist}/web/assets`;
for (const name of await readdir(assets)) {
  const bytes = await readFile(`${assets}/${name}`);
  await writeFile(`${assets}/${name}.br`, await promisify(brotliCompress)(bytes));
  await writeFile(`${assets}/${name}.gz`, await promisify(gzip)(bytes));
}

import { chmod, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import { build } from "esbuild";
import { build as buildWeb } from "vite";
import { installed } from "./installed.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = `${root}dist`;
const { version, engines } = JSON.parse(await readFile(`${root}package.json`, "utf8"));

/** Modules that are loaded on demand, and are files of their own. */
const ownFiles = {
  "#main/up.js": "./server.js",
  "#cli/mcp/mcp.js": "./mcp.js",
  "#identity/oauth-engine.js": "./oauth.js",
};

/** `#folder/file.js` is src/folder/file.ts. */
const house = {
  name: "house",
  setup({ onResolve }) {
    onResolve({ filter: /^#/ }, ({ path }) =>
      path in ownFiles
        ? { path: ownFiles[path], external: true }
        : { path: `${root}src/${path.slice(1).replace(/\.js$/, ".ts")}` },
    );
  },
};

const options = {
  bundle: true,
  platform: "node",
  format: "cjs",
  // `require` for modules that are loaded later: `import()` would first read megabytes for names they may export. And
  // every Node that we run on knows properties of characters: spelled out as text, an expression would be compiled at
  // each use.
  supported: { "dynamic-import": false, "regexp-unicode-property-escapes": true },
  minifySyntax: true,
  minifyWhitespace: true,
  target: `node${/\d+\.\d+/.exec(engines.node)[0]}`,
  define: { skillettVersion: JSON.stringify(version) },
  plugins: [house],
  logLevel: "warning",
};

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

// MCP over stdio, which `skillett mcp` loads. stdout carries the protocol and nothing else, whatever a
// library may want to say.
await build({
  ...options,
  entryPoints: [`${root}src/cli/mcp/mcp.ts`],
  outfile: `${dist}/mcp.js`,
  mainFields: ["module", "main"],
  define: {
    ...options.define,
    "console.log": "console.error",
    "console.info": "console.error",
    "console.debug": "console.error",
  },
});

// The web pages. They are compressed here once, and better than the server could at each request.
await buildWeb({ configFile: `${root}web/vite.config.ts`, logLevel: "warn" });
const assets = `${dist}/web/assets`;
for (const name of await readdir(assets)) {
  const bytes = await readFile(`${assets}/${name}`);
  await writeFile(`${assets}/${name}.br`, await promisify(brotliCompress)(bytes));
  await writeFile(`${assets}/${name}.gz`, await promisify(gzip)(bytes));
}

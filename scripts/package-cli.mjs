import { chmod, cp, mkdir, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { cliOptions, cliPackage, manifest, root } from "./bundle.mjs";

/**
 * Makes the folder `package-cli/`, which `npm publish ./package-cli` publishes for those whose server runs elsewhere: the
 * CLI and MCP over stdio as one file that installs nothing else.
 */

const folder = `${root}package-cli`;
const file = "skillett.js";

await rm(folder, { recursive: true, force: true });
await mkdir(folder);
await build({ ...cliOptions(), outfile: `${folder}/${file}` });
await chmod(`${folder}/${file}`, 0o755);

const { version, license, engines } = manifest;
const description = "The command line of Skillett and its bridge for MCP clients, without the server.";
const named = { name: cliPackage, version, description, license, engines };
const manifestText = JSON.stringify({ ...named, bin: { skillett: file }, files: [file] }, null, 2);
await writeFile(`${folder}/package.json`, `${manifestText}\n`);
await cp(`${root}scripts/package-cli.md`, `${folder}/README.md`);
await cp(`${root}LICENSE`, `${folder}/LICENSE`);

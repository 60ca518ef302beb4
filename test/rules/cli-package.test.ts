import { isBuiltin } from "node:module";
import path from "node:path";
import { build, type Metafile } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { cliOptions } from "../../scripts/bundle.mjs";
import { importsOf, isTest, packageName, readSources, root, type Source } from "./sources.js";

/** The folders of `src` that the CLI is made of; of `main` it has where it starts. */
const folders = ["src/core", "src/contract", "src/client", "src/mcp", "src/cli"];
const starts = ["src/main/bin.ts", "src/main/no-server.ts"];

describe("the package of the CLI alone", () => {
  let meta: Metafile;
  beforeAll(async () => {
    const outfile = path.join(root, "package-cli/skillett.js");
    const options = { ...cliOptions(), absWorkingDir: root, outfile };
    ({ metafile: meta } = await build({ ...options, write: false, metafile: true }));
  });

  it("the bundle has MCP in it, and nothing of the server", () => {
    const own = Object.keys(meta.inputs).filter((file) => file.startsWith("src/"));
    const others = own.filter((file) => !folders.includes(path.dirname(file).split("/", 2).join("/")));
    expect(others.sort()).toEqual(starts);
    expect(own).toContain("src/cli/mcp/mcp.ts");
  });

  it("the bundle has no package in it that only the server imports", () => {
    const programs = readSources("src").filter((source) => !isTest(source));
    const importedBy = (sources: Source[]) =>
      new Set(sources.flatMap(importsOf).flatMap(({ specifier }) => packageName(specifier) ?? []));
    const cli = importedBy(programs.filter(({ file }) => file in meta.inputs));
    const server = importedBy(programs.filter(({ file }) => !(file in meta.inputs)));
    expect([...server]).toContain("fastify");
    const inside = new Set(
      Object.keys(meta.inputs).flatMap((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []),
    );
    expect([...inside].filter((name) => server.has(name) && !cli.has(name))).toEqual([]);
  });

  it("the bundle loads no other file, except a package that a proxy agent can do without", () => {
    const files = Object.values(meta.outputs);
    expect(files).toHaveLength(1);
    const loaded = files[0]!.imports.map((it) => it.path).filter((it) => !isBuiltin(it));
    expect(loaded).toEqual(["kerberos"]);
  });
});

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { importsOf, isTest, nodesOf, ownFile, packageName, readSource, root } from "./sources.js";

/** The web pages keep to the rules of the house, and know no more of the server than any other client. */

const floors = ["core", "contract", "client"];
const maxFileLines = 300;

const sources = readdirSync(path.join(root, "web/src"), { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name))
  .sort()
  .map((name) => readSource(`web/src/${name.replaceAll(path.sep, "/")}`));
const manifest = JSON.parse(readFileSync(path.join(root, "web/package.json"), "utf8"));
const declared: Record<string, string> = { ...manifest.dependencies, ...manifest.devDependencies };

const imports = sources.flatMap((source) =>
  importsOf(source).map(({ specifier, typeOnly }) => ({ specifier, typeOnly, file: source.file, source })),
);

it("the sources of the pages are found", () => {
  expect(sources.length).toBeGreaterThan(20);
});

describe("imports", () => {
  it("imports of the pages keep to the floors", () => {
    const breaches = imports
      .filter(({ specifier }) => specifier.startsWith("#") && !specifier.startsWith("#web/"))
      .filter(({ specifier }) => !floors.includes(specifier.slice(1).split("/")[0]!));
    expect(breaches.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  it("the pages import nothing but types from the contract, whose schemas would weigh more than they do", () => {
    const heavy = imports.filter(({ specifier, typeOnly }) => /^#contract\//.test(specifier) && !typeOnly);
    expect(heavy.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  it("imports of the pages name files that exist", () => {
    const own = imports.filter(({ specifier }) => specifier.startsWith("#"));
    const missing = own.filter(
      ({ specifier }) => !filesOf(specifier).some((it) => existsSync(path.join(root, it))),
    );
    expect(missing.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  it("imports of the pages are spelled #web/file.js", () => {
    expect(imports.filter(({ specifier }) => specifier.startsWith(".")).map(({ file }) => file)).toEqual([]);
  });

  it("packages of the pages are declared, pinned exactly, and each is used", () => {
    const used = new Set(
      imports
        .filter(({ source }) => !isTest(source))
        .flatMap(({ specifier }) => packageName(specifier) ?? []),
    );
    expect([...used].sort()).toEqual(Object.keys(manifest.dependencies).sort());
    expect(Object.values(declared).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});

describe("files", () => {
  it(`files of the pages have fewer than ${maxFileLines} lines`, () => {
    expect(sources.filter(({ lines }) => lines >= maxFileLines).map(({ file }) => file)).toEqual([]);
  });

  it("files of the pages keep no state of their own", () => {
    const states = sources.flatMap(({ file, tree }) =>
      tree.statements
        .filter(ts.isVariableStatement)
        .filter(({ declarationList }) => !(declarationList.flags & ts.NodeFlags.Const))
        .map((statement) => `${file}: ${statement.getText()}`),
    );
    expect(states).toEqual([]);
  });

  it("files of the pages write no HTML or style past the content security policy", () => {
    const risky = sources.filter(({ tree }) =>
      nodesOf(tree).some(
        (node) => ts.isIdentifier(node) && /^(dangerouslySetInnerHTML|innerHTML|eval)$/.test(node.text),
      ),
    );
    expect(risky.map(({ file }) => file)).toEqual([]);
  });
});

/** Where an import of ours may lead to. */
function filesOf(specifier: string): string[] {
  if (!specifier.startsWith("#web/")) return [ownFile(specifier)!];
  const file = `web/src/${specifier.slice("#web/".length)}`;
  return file.endsWith(".js") ? [".ts", ".tsx"].map((end) => file.replace(/\.js$/, end)) : [file];
}

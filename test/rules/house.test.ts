import { existsSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { circlesOf, fileGraph, foldersOf, roomGraph } from "./rooms.js";
import { importsOf, isTest, nodesOf, ownFile, readSources, root, type Source } from "./sources.js";

/** Each folder of `src`, and the folders it may import. What is not here is forbidden. */
const floors: Record<string, string[]> = {
  core: [],
  contract: ["core"],
  search: ["core"],
  catalog: ["core", "search"],
  importer: ["core", "catalog"],
  store: ["core"],
  upstream: ["core"],
  sandbox: ["core", "store"],
  "mcp-servers": ["core", "catalog", "importer", "upstream"],
  workers: ["core"],
  identity: ["core", "store"],
  integrations: ["core", "catalog", "importer", "store", "upstream", "mcp-servers", "connections"],
  connections: ["core", "catalog", "store", "upstream"],
  skills: ["core", "search", "catalog", "store"],
  gateway: ["core", "catalog", "store", "upstream", "mcp-servers", "identity", "connections"],
  api: [
    "core",
    "contract",
    "catalog",
    "store",
    "upstream",
    "sandbox",
    "mcp-servers",
    "identity",
    "integrations",
    "connections",
    "skills",
    "gateway",
  ],
  http: ["core", "contract", "identity"],
  mcp: ["core", "contract"],
  client: ["core", "contract"],
  cli: ["core", "contract", "client", "mcp"],
  main: [
    "core",
    "contract",
    "search",
    "catalog",
    "importer",
    "store",
    "upstream",
    "sandbox",
    "mcp-servers",
    "identity",
    "integrations",
    "connections",
    "workers",
    "skills",
    "gateway",
    "api",
    "http",
    "mcp",
    "client",
    "cli",
  ],
};

/** Only main knows the process it runs in. */
const environmentReaders = ["main"];

const maxFileLines = 300;
const maxFunctionLines = 50;

/** Longer than the house allows, each with its reason. One that is not needed any more fails. */
const longFiles: Record<string, string> = {
  "test/api/hostile-people.test.ts": "another such list",
  "test/api/hostile.test.ts": "a list of hostile inputs",
};
const longFunctions: Record<string, string> = {
  "src/main/wire.ts wire": "the list of all parts, in the order they need each other",
  "src/store/schema/migrations/0001-first.ts up": "a list of tables",
  "src/store/connection-changes.ts saveConnection": "one transaction, told in order",
};

const vagueFolders = ["utils", "util", "helpers", "common", "shared", "lib", "misc"];

const sources = readSources("src");
const programs = sources.filter((source) => !isTest(source));
const everything = [...sources, ...readSources("test", "bench", "scripts")];

describe("imports", () => {
  it("imports keep to the floors", () => {
    const breaches = sources.flatMap((source) =>
      importsOf(source)
        .map(({ specifier }) => ownFile(specifier))
        .filter((file) => file !== undefined)
        .filter((file) => !mayImport(floorOf(source.file), floorOf(file)))
        .filter((file) => !(isTest(source) && floorOf(file) === "support"))
        .map((file) => `${source.file} imports ${file}`),
    );
    expect(breaches).toEqual([]);
  });

  it("imports name files that exist", () => {
    const broken = everything.flatMap((source) =>
      importsOf(source)
        .map(({ specifier }) => ownFile(specifier))
        .filter((file) => file !== undefined && !existsSync(path.join(root, file)))
        .map((file) => `${source.file} imports ${file}`),
    );
    expect(broken).toEqual([]);
  });

  it("imports have no circles of files, types counted as well", () => {
    expect(circlesOf(fileGraph())).toEqual([]);
  });

  it("imports have no circles of what stands in one folder", () => {
    const files = fileGraph();
    expect(foldersOf(files).flatMap((folder) => circlesOf(roomGraph(files, folder)))).toEqual([]);
  });

  it("imports are spelled #folder/file.js, also within a folder", () => {
    const relative = sources.flatMap((source) =>
      importsOf(source)
        .filter(({ specifier }) => specifier.startsWith("."))
        .map(({ specifier }) => `${source.file} imports ${specifier}`),
    );
    expect(relative).toEqual([]);
  });
});

describe("files", () => {
  it("files stand in a folder of the floors", () => {
    const known = Object.keys(floors);
    expect(sources.map(({ file }) => file).filter((file) => !known.includes(floorOf(file)))).toEqual([]);
  });

  it("files have a folder that says what is in it", () => {
    const folders = everything.map(({ file }) => path.dirname(file));
    expect(folders.filter((folder) => folder.split("/").some((name) => vagueFolders.includes(name)))).toEqual(
      [],
    );
  });

  it("files do more than pass on what others export", () => {
    expect(sources.filter(isBarrel).map(({ file }) => file)).toEqual([]);
  });

  it(`files have fewer than ${maxFileLines} lines`, () => {
    const long = everything.filter(({ lines }) => lines >= maxFileLines).map(({ file }) => file);
    expect(long.sort()).toEqual(Object.keys(longFiles).sort());
  });

  it("files keep no state of their own", () => {
    const states = programs.flatMap(({ file, tree }) =>
      tree.statements
        .filter(ts.isVariableStatement)
        .filter(({ declarationList, modifiers }) => {
          const declared = modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
          return !(declarationList.flags & ts.NodeFlags.Const) && !declared;
        })
        .map((statement) => `${file}: ${statement.getText()}`),
    );
    expect(states).toEqual([]);
  });

  it("files write HTML around values with the tag that escapes them", () => {
    const unescaped = programs.flatMap(({ file, tree }) =>
      nodesOf(tree)
        .filter(ts.isTemplateExpression)
        .filter((node) => /<\/\w|<!doctype/i.test(node.getText()))
        .filter(({ parent }) => !ts.isTaggedTemplateExpression(parent) || parent.tag.getText() !== "html")
        .map((node) => `${file}: ${node.getText()}`),
    );
    expect(unescaped).toEqual([]);
  });

  it("files leave the environment to main", () => {
    const readers = programs
      .filter(({ file }) => !environmentReaders.includes(floorOf(file)))
      .filter(({ tree }) => nodesOf(tree).some(readsEnvironment));
    expect(readers.map(({ file }) => file)).toEqual([]);
  });
});

describe("functions", () => {
  it(`functions have fewer than ${maxFunctionLines} lines`, () => {
    const long = programs.flatMap((source) =>
      nodesOf(source.tree)
        .filter((node) => isFunction(node) && ownLines(node) >= maxFunctionLines)
        .map((node) => `${source.file} ${nameOf(node)}`),
    );
    expect(long.sort()).toEqual(Object.keys(longFunctions).sort());
  });
});

/** `src/gateway/call.ts` → `gateway` */
function floorOf(file: string): string {
  return file.split("/")[1] ?? "";
}

function mayImport(from: string, to: string): boolean {
  return from === to || Boolean(floors[from]?.includes(to));
}

function isBarrel({ tree }: Source): boolean {
  const own = tree.statements.filter((statement) => !ts.isImportDeclaration(statement));
  return own.length > 0 && own.every((statement) => ts.isExportDeclaration(statement));
}

function readsEnvironment(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return node.getText() === "process.env";
  return ts.isImportDeclaration(node) && /["'](node:)?process["']/.test(node.moduleSpecifier.getText());
}

function isFunction(node: ts.Node): boolean {
  return ts.isFunctionLike(node) && "body" in node && node.body !== undefined;
}

/** What `createX(deps)` makes has functions for methods: they count by themselves, not with their maker. */
function ownLines(node: ts.Node): number {
  if (!/^(create|open|new)[A-Z]/.test(nameOf(node))) return linesOf(node);
  const inner: ts.Node[] = [];
  const visit = (child: ts.Node) => {
    if (isFunction(child)) inner.push(child);
    else ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return inner.reduce((lines, child) => lines - (linesOf(child) - 1), linesOf(node));
}

function linesOf(node: ts.Node): number {
  const { line: first } = ts.getLineAndCharacterOfPosition(node.getSourceFile(), node.getStart());
  const { line: last } = ts.getLineAndCharacterOfPosition(node.getSourceFile(), node.end);
  return last - first + 1;
}

function nameOf(node: ts.Node): string {
  const named = ts.isFunctionLike(node) && node.name ? node : node.parent;
  return "name" in named && named.name ? (named.name as ts.Node).getText() : "(nameless)";
}

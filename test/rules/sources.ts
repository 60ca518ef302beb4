import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/**
 * Our own TypeScript as the rules read it: parsed, not searched. What one rule has read is there for the next one, since
 * parsing takes most of the time.
 */

export const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Source {
  /** From the root, with slashes: `src/core/ids.ts`. */
  file: string;
  tree: ts.SourceFile;
  lines: number;
}

export interface Import {
  /** As written: `#core/ids.js`, `fastify`, `node:fs`. */
  specifier: string;
  /** Gone after compiling. */
  typeOnly: boolean;
}

export const readSource = once((file: string): Source => {
  const text = readFileSync(path.join(root, file), "utf8");
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return { file, tree, lines: text.split("\n").length - 1 };
});

/** Every file of TypeScript below these folders. */
export function readSources(...folders: string[]): Source[] {
  return readFiles(/\.tsx?$/, folders);
}

/** Every module of JavaScript below these folders. */
export function readModules(...folders: string[]): Source[] {
  return readFiles(/\.mjs$/, folders);
}

function readFiles(ending: RegExp, folders: string[]): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => ending.test(name))
      .sort()
      .map((name) => readSource(`${folder}/${name.replaceAll(path.sep, "/")}`)),
  );
}

export function isTest({ file }: Source): boolean {
  return file.endsWith(".test.ts");
}

/** Every node of a tree, parents first. */
export const nodesOf = once((tree: ts.Node): ts.Node[] => {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node) => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return nodes;
});

/** The comments of a file without their marks, each on one line; those that stand together are one. */
export const commentsOf = once(({ tree }: Source): string[] => {
  const { text } = tree;
  const groups = new Map<number, ts.CommentRange[]>();
  const note = (ranges: ts.CommentRange[] | undefined) => ranges && groups.set(ranges[0]!.pos, ranges);
  const visit = (node: ts.Node) => {
    if (!/\/[*/]/.test(text.slice(node.pos, node.end))) return;
    note(ts.getTrailingCommentRanges(text, node.pos));
    note(ts.getLeadingCommentRanges(text, node.pos));
    for (const child of node.getChildren(tree)) visit(child);
  };
  visit(tree);
  return [...groups.values()].map((ranges) =>
    ranges.map(({ pos, end }) => plain(text.slice(pos, end))).join(" "),
  );
});

function plain(comment: string): string {
  return comment
    .replace(/^\/[*/]+|\*+\/$/g, "")
    .replace(/\n\s*\*(?!\/)/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** Static, dynamic, re-exporting and `typeof import()` ones. */
export const importsOf = once(({ tree }: Source): Import[] =>
  nodesOf(tree).flatMap((node) => importOf(node) ?? []),
);

/** Makes what belongs to a thing when it is first asked for, and keeps it. */
function once<Thing, Made>(make: (thing: Thing) => Made): (thing: Thing) => Made {
  const made = new Map<Thing, Made>();
  return (thing) => {
    const known = made.get(thing) ?? make(thing);
    made.set(thing, known);
    return known;
  };
}

function importOf(node: ts.Node): Import | undefined {
  if (ts.isImportDeclaration(node)) {
    return { specifier: textOf(node.moduleSpecifier), typeOnly: isTypeImport(node.importClause) };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return { specifier: textOf(node.moduleSpecifier), typeOnly: node.isTypeOnly };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return { specifier: textOf(node.arguments[0]), typeOnly: false };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return { specifier: textOf(node.argument.literal), typeOnly: true };
  }
  return undefined;
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings: names } = clause;
  return (
    !name && names !== undefined && ts.isNamedImports(names) && names.elements.every((it) => it.isTypeOnly)
  );
}

export interface ExportedFunction {
  name: string;
  /** The types of its parameters as written, empty where none is. */
  parameters: string[];
}

/** The functions a file exports by name. */
export function exportedFunctions({ tree }: Source): ExportedFunction[] {
  return tree.statements
    .filter(ts.isFunctionDeclaration)
    .filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    .map(({ name, parameters }) => ({
      name: name?.text ?? "",
      parameters: parameters.map(({ type }) => type?.getText() ?? ""),
    }));
}

function textOf(node: ts.Node | undefined): string {
  return node && ts.isStringLiteralLike(node) ? node.text : (node?.getText() ?? "");
}

/** `src/gateway/call.ts` for `#gateway/call.js`, `test/support/` for `#support/`; undefined for packages. */
export function ownFile(specifier: string): string | undefined {
  if (!specifier.startsWith("#")) return undefined;
  const file = specifier.slice(1).replace(/\.js$/, ".ts");
  return file.startsWith("support/") ? `test/${file}` : `src/${file}`;
}

/** `@fastify/swagger` for `@fastify/swagger/lib/x.js`; undefined for our own files and Node's modules. */
export function packageName(specifier: string): string | undefined {
  if (/^([#./]|node:)/.test(specifier)) return undefined;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

import path from "node:path";
import { parseArgs } from "node:util";
import { importsOf, isTest, ownFile, readSources } from "../test/rules/sources.js";

/**
 * Prints how the folders of src hang together: what stands directly in each (files and folders), the arrows between
 * those, how many floors they make, and circles of files that import each other, types counted as well.
 */

const { positionals } = parseArgs({ allowPositionals: true });
const programs = readSources("src").filter((source) => !isTest(source));
const imports = new Map(
  programs.map((source) => [
    source.file,
    importsOf(source)
      .flatMap(({ specifier }) => ownFile(specifier) ?? [])
      .filter((file) => file !== source.file),
  ]),
);

const folders = [...new Set(programs.map(({ file }) => path.dirname(file)))]
  .flatMap(ancestors)
  .filter((folder, at, all) => all.indexOf(folder) === at && folder !== ".")
  .filter((folder) => positionals.length === 0 || positionals.some((it) => folder.startsWith(it)))
  .sort();
console.log(["folder".padEnd(30), "things", "arrows", "floors", "circles"].join("  "));
for (const folder of folders) {
  const things = thingsOf(folder);
  const arrows = arrowsOf(folder);
  const cells = [things.size, count(arrows), floorsOf(arrows), circlesOf(arrows).length];
  console.log([folder.padEnd(30), ...cells.map((cell) => String(cell).padStart(6))].join("  "));
}
for (const circle of circlesOf(imports)) console.log(`circle of files: ${circle.join(" ")}`);

function ancestors(folder: string): string[] {
  return folder === "." ? [] : [folder, ...ancestors(path.dirname(folder))];
}

/** The file or folder directly in `folder` that `file` is, or is in. */
function thingIn(folder: string, file: string): string | undefined {
  return file.startsWith(`${folder}/`) ? file.slice(folder.length + 1).split("/")[0] : undefined;
}

function thingsOf(folder: string): Set<string> {
  return new Set(programs.flatMap(({ file }) => thingIn(folder, file) ?? []));
}

type Graph = Map<string, string[]>;

function arrowsOf(folder: string): Graph {
  const graph: Graph = new Map();
  for (const [from, targets] of imports) {
    const thing = thingIn(folder, from);
    if (thing === undefined) continue;
    const others = targets.flatMap((to) => thingIn(folder, to) ?? []).filter((to) => to !== thing);
    graph.set(thing, [...new Set([...(graph.get(thing) ?? []), ...others])]);
  }
  return graph;
}

function count(graph: Graph): number {
  return [...graph.values()].reduce((sum, targets) => sum + targets.length, 0);
}

/** The longest way down; what goes in a circle counts as one. */
function floorsOf(graph: Graph): number {
  const known = new Map<string, number>();
  const depth = (node: string): number => {
    const found = known.get(node);
    if (found !== undefined) return found;
    known.set(node, 0);
    const below = Math.max(0, ...(graph.get(node) ?? []).map(depth));
    known.set(node, below + 1);
    return below + 1;
  };
  return Math.max(0, ...[...graph.keys()].map(depth));
}

/** Groups of which each reaches every other. */
function circlesOf(graph: Graph): string[][] {
  const reach = new Map([...graph.keys()].map((node) => [node, reachable(graph, node)]));
  const circles: string[][] = [];
  for (const [node, reached] of reach) {
    if (circles.some((circle) => circle.includes(node)) || !reached.has(node)) continue;
    circles.push([node, ...[...reached].filter((it) => it !== node && reach.get(it)?.has(node))]);
  }
  return circles;
}

function reachable(graph: Graph, start: string): Set<string> {
  const seen = new Set<string>();
  const open = [...(graph.get(start) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(graph.get(next) ?? []));
  }
  return seen;
}

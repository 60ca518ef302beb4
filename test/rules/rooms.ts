import path from "node:path";
import { importsOf, isTest, ownFile, readSources } from "./sources.js";

/** What imports what: by files, or by what stands directly in a folder. */
export type Graph = Map<string, string[]>;

/** Our programs by file, each with the files of ours that it imports; types count as well. */
export function fileGraph(): Graph {
  return new Map(
    readSources("src")
      .filter((source) => !isTest(source))
      .map((source) => [
        source.file,
        importsOf(source)
          .flatMap(({ specifier }) => ownFile(specifier) ?? [])
          .filter((file) => file !== source.file),
      ]),
  );
}

/** Every folder that files are in, with those above it. */
export function foldersOf(files: Graph): string[] {
  const folders = [...files.keys()].flatMap((file) => ancestors(path.dirname(file)));
  return [...new Set(folders)].sort();
}

function ancestors(folder: string): string[] {
  return folder === "." ? [] : [folder, ...ancestors(path.dirname(folder))];
}

/** The file or folder directly in `folder` that `file` is, or is in. */
function thingIn(folder: string, file: string): string | undefined {
  return file.startsWith(`${folder}/`) ? file.slice(folder.length + 1).split("/")[0] : undefined;
}

/** What stands directly in a folder, and what of it imports what else of it. */
export function roomGraph(files: Graph, folder: string): Graph {
  const graph: Graph = new Map();
  for (const [from, targets] of files) {
    const thing = thingIn(folder, from);
    if (thing === undefined) continue;
    const others = targets.flatMap((to) => thingIn(folder, to) ?? []).filter((to) => to !== thing);
    graph.set(thing, [...new Set([...(graph.get(thing) ?? []), ...others])]);
  }
  return graph;
}

export function countArrows(graph: Graph): number {
  return [...graph.values()].reduce((sum, targets) => sum + targets.length, 0);
}

/** The longest way down; what goes in a circle counts as one. */
export function countFloors(graph: Graph): number {
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
export function circlesOf(graph: Graph): string[][] {
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

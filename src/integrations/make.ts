import { basename } from "node:path/posix";
import { parseDocument } from "yaml";
import type { Endpoint } from "#catalog/integration.js";
import { type FileProblem, frontMatterOf } from "#catalog/load/source.js";
import { formerNames, type NewRoute } from "#integrations/changes.js";
import {
  boundProblems,
  type Draft,
  type DraftFile,
  type LoadedFolder,
  loadFolder,
} from "#integrations/load-folder.js";
import { refine } from "#integrations/overlay.js";
import { routeHash } from "#integrations/route-hash.js";
import type { Stored } from "#integrations/stored.js";

/** A folder with what refines it. */
export interface Sources {
  slug: string;
  generated: Draft;
  overlay: ReadonlyMap<string, string>;
  /** The folder was made by a program: an endpoint of it that does not load is left out. */
  isGenerated: boolean;
}

/** An integration that is ready to be stored, or what is wrong with it. */
export interface Made extends LoadedFolder {
  /** With the former names of endpoints in it. */
  generated: Draft;
  /** Of the overlay, what fits nothing. */
  unused: string[];
  /** Generated files that do not load, with the reason. */
  dropped: FileProblem[];
}

/** Loads a folder with what refines it. Endpoints that have another name now keep the old one. */
export function make(sources: Sources, { routes }: Pick<Stored, "routes">): Made {
  const first = load(sources, new Map());
  if (!first.loaded) return first;
  const formerly = formerNames(routes, toRoutes(first));
  return formerly.size > 0 ? load(sources, formerly) : first;
}

export function toRoutes({ loaded }: Pick<Made, "loaded">): NewRoute[] {
  return loaded!.endpoints.map(({ endpoint }) => toRoute(endpoint));
}

function toRoute(endpoint: Endpoint): NewRoute {
  const { name, effect, formerly } = endpoint;
  return { name, effect, formerly, hash: routeHash(endpoint) };
}

function load(sources: Sources, formerly: ReadonlyMap<string, readonly string[]>): Made {
  const { slug, overlay, isGenerated } = sources;
  const generated = withFormerNames(sources.generated, formerly);
  const excess = boundProblems(slug, new Map([...overlay].map(([path, text]) => [path, { text }])));
  if (excess.length > 0) return { loaded: null, problems: excess, generated, unused: [], dropped: [] };
  const { draft, refined, unused, problems } = refine(slug, generated, overlay, formerly);
  if (problems.length > 0) return { loaded: null, problems, generated, unused, dropped: [] };
  const result = loadFolder(slug, draft, { refined, isGenerated });
  const pathOf = ({ file }: FileProblem) => file.slice(slug.length + 1);
  const isOurs = (problem: FileProblem) =>
    isGenerated && pathOf(problem).startsWith("endpoints/") && !refined.has(pathOf(problem));
  if (result.problems.length === 0 || !result.problems.every(isOurs))
    return { ...result, generated, unused, dropped: [] };
  const dropped = result.problems;
  const bad = new Set(dropped.map(pathOf));
  const rest = new Map([...generated].filter(([path]) => !bad.has(path)));
  const again = load({ ...sources, generated: rest }, formerly);
  return { ...again, dropped: [...dropped, ...again.dropped] };
}

function withFormerNames(generated: Draft, formerly: ReadonlyMap<string, readonly string[]>): Draft {
  if (formerly.size === 0) return generated;
  return new Map(
    [...generated].map(([path, file]) => {
      const names = path.startsWith("endpoints/") ? formerly.get(basename(path, ".md")) : undefined;
      return [path, names ? withNames(file, names) : file];
    }),
  );
}

/** The file with these names in its front matter, which otherwise stays as somebody wrote it. */
function withNames({ text, known }: DraftFile, names: readonly string[]): DraftFile {
  const { start, end } = frontMatterOf(text)!;
  const matter = parseDocument(text.slice(start, end));
  matter.set("formerly", names);
  const value = known && { ...(known.value as object), formerly: names };
  return {
    text: text.slice(0, start) + matter.toString({ lineWidth: 0 }).trimEnd() + text.slice(end),
    known: known && { ...known, value },
  };
}

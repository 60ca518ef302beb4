import { statSync } from "node:fs";
import { join } from "node:path";
import { type Catalog, createCatalog } from "#catalog/catalog.js";
import {
  endpointFrontMatter,
  integrationYaml,
  providerYaml,
  searchYaml,
  skillFrontMatter,
} from "#catalog/front-matter.js";
import { compositeFrontMatter } from "#catalog/front-matter-steps.js";
import { toolFrontMatter } from "#catalog/front-matter-tools.js";
import type { Integration } from "#catalog/integration.js";
import { linearPatterns } from "#catalog/linear-pattern.js";
import { checkAnyExample } from "#catalog/load/check-composite-example.js";
import { type Folder, integrationFolders } from "#catalog/load/folder.js";
import type { KnownProviders } from "#catalog/load/load-auth.js";
import { type Checks, type LoadedIntegration, loadIntegration } from "#catalog/load/load-integration.js";
import { loadProviders } from "#catalog/load/load-provider.js";
import { type OperatorUrls, replaceUrls, type Services } from "#catalog/load/replace-urls.js";
import { CatalogError, type FileProblem } from "#catalog/load/source.js";
import type { AuthProvider } from "#catalog/provider.js";
import { type Check, createSchemaCompiler } from "#core/schema-check.js";

/** Paths under `/v1` that are ours. */
const reservedSlugs = [
  "skills",
  "integrations",
  "connect",
  "connections",
  "usage",
  "calls",
  "admin",
  "me",
  "agent",
  "registry",
  "tasks",
  "results",
  "files",
  "integrations",
  "request",
  "batch",
];

export interface CatalogOptions extends OperatorUrls {
  /** Directories of integration folders: ours, whose examples the tests check, then those of others. */
  dirs: string[];
}

/** The services that files describe, and every problem of these files. */
export interface CatalogFiles extends Services {
  problems: readonly FileProblem[];
}

/** An integration's folder that is about to be read. */
export interface FolderPlace {
  root: string;
  slug: string;
  /** All that there are; null for one whose file has problems. */
  providers: KnownProviders;
  /** Its examples are checked. */
  isExamined: boolean;
}

/** The integration of a folder, and whether nothing is wrong with it; null when there is none. */
export type Read = { integration: Integration; isSound: boolean } | null;

/** Reads a folder, or knows already what is in it. */
export type ReadFolder = (place: FolderPlace, read: () => Read) => Integration | null;

const readAnew: ReadFolder = (_, read) => read()?.integration ?? null;

/** Reads all providers and integrations. */
export function readCatalog(dirs: string[], readFolder = readAnew): CatalogFiles {
  const problems: FileProblem[] = [];
  const compile = createSchemaCompiler();
  // Compiled when there is a folder to check: one that is known needs none.
  let checks: Checks | undefined;
  let compileParams: ReturnType<typeof createSchemaCompiler> | undefined;
  const present = dirs.filter((dir) => isDirectory(dir, problems));
  const providers = loadProviders(present, compile(providerYaml), problems);
  const integrations = new Map<string, Integration>();
  for (const dir of present) {
    for (const folder of integrationFolders(dir)) {
      const { slug } = folder;
      checkSlug(folder, integrations, problems);
      const isExamined = dir !== dirs[0];
      const integration = readFolder({ root: join(dir, slug), slug, providers, isExamined }, () => {
        const before = problems.length;
        checks ??= createChecks(compile);
        const loaded = loadIntegration(folder, providers, checks, problems);
        compileParams ??= createSchemaCompiler({ regExp: linearPatterns });
        if (loaded && isExamined) checkExamples(loaded, compileParams);
        return loaded && { integration: loaded.integration, isSound: problems.length === before };
      });
      if (integration) integrations.set(slug, integration);
    }
  }
  return { integrations, providers, problems };
}

/** @param compile compiles a JSON Schema */
export function createChecks(compile: (schema: object) => Check): Checks {
  return {
    integration: compile(integrationYaml),
    endpoint: compile(endpointFrontMatter),
    composite: compile(compositeFrontMatter),
    tool: compile(toolFrontMatter),
    skill: compile(skillFrontMatter),
    search: compile(searchYaml),
  };
}

/**
 * All services at the URLs that the operator has set.
 *
 * @param files have been read from `dirs`
 * @throws CatalogError with every problem of every file and URL
 */
export function loadCatalog({ dirs, ...urls }: CatalogOptions, files = readCatalog(dirs)): Catalog {
  const problems = [...files.problems];
  const { integrations, providers } = replaceUrls(files, urls, problems);
  if (problems.length > 0) throw new CatalogError(problems);
  return createCatalog(integrations, new Map([...providers].filter(isLoaded)));
}

function isDirectory(dir: string, problems: FileProblem[]): boolean {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return true;
  problems.push({ file: dir, line: null, message: "is not a directory" });
  return false;
}

function isLoaded(entry: [string, AuthProvider | null]): entry is [string, AuthProvider] {
  return entry[1] !== null;
}

/** Has the params of every example make the requests that it says. */
export function checkExamples(
  { integration, endpoints }: LoadedIntegration,
  compile: (schema: object) => Check,
): void {
  for (const { endpoint, source } of endpoints) {
    for (const { path, message } of checkAnyExample(integration, endpoint, compile))
      source.report(path, message);
  }
}

/** The issue of a slug; null when there is none. */
export function slugIssue(slug: string): string | null {
  if (!/^[a-z][a-z0-9-]*$/.test(slug)) return "a slug is lower-case letters, digits and dashes";
  return reservedSlugs.includes(slug) ? "the slug is reserved" : null;
}

function checkSlug({ slug }: Folder, known: ReadonlyMap<string, Integration>, problems: FileProblem[]): void {
  const report = (message: string) => problems.push({ file: slug, line: null, message });
  const issue = slugIssue(slug);
  if (issue !== null) report(issue);
  if (known.has(slug)) report("there is an integration of this slug in another directory");
}

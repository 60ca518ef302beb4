import { statSync } from "node:fs";
import { type Catalog, createCatalog } from "#catalog/catalog.js";
import { checkExample } from "#catalog/check-example.js";
import { type Folder, integrationFolders } from "#catalog/folder.js";
import { endpointFrontMatter, integrationYaml, skillFrontMatter } from "#catalog/front-matter.js";
import type { Integration } from "#catalog/integration.js";
import { checkBaseUrl } from "#catalog/integration-rules.js";
import { type Checks, type LoadedIntegration, loadIntegration } from "#catalog/load-integration.js";
import { CatalogError, type Complaint } from "#catalog/source.js";
import { type Check, createSchemaCompiler } from "#core/schema-check.js";
import { didYouMean } from "#core/suggest.js";

/** Paths under `/v1` that are ours. */
const reservedSlugs = ["skills", "connect", "connections", "usage", "calls"];

export interface CatalogOptions {
  /** Directories of integration folders: ours, whose examples the tests check, then those of others. */
  dirs: string[];
  /** By slug: replaces where requests of that integration go. */
  baseUrls: Record<string, string>;
}

/** Reads all integrations. Throws one `CatalogError` with every complaint about every file. */
export function loadCatalog({ dirs, baseUrls }: CatalogOptions): Catalog {
  const complaints: Complaint[] = [];
  const compile = createSchemaCompiler();
  const checks: Checks = {
    integration: compile(integrationYaml),
    endpoint: compile(endpointFrontMatter),
    skill: compile(skillFrontMatter),
  };
  const integrations = new Map<string, Integration>();
  for (const dir of dirs) {
    for (const folder of foldersOf(dir, complaints)) {
      checkSlug(folder, integrations, complaints);
      const loaded = loadIntegration(folder, baseUrls[folder.slug], checks, complaints);
      if (!loaded) continue;
      integrations.set(folder.slug, loaded.integration);
      if (dir !== dirs[0]) checkExamples(loaded, compile);
    }
  }
  checkBaseUrls(baseUrls, integrations, complaints);
  if (complaints.length > 0) throw new CatalogError(complaints);
  return createCatalog(integrations);
}

function foldersOf(dir: string, complaints: Complaint[]): Folder[] {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return integrationFolders(dir);
  complaints.push({ file: dir, line: null, message: "is not a directory" });
  return [];
}

function checkExamples(
  { integration, endpoints }: LoadedIntegration,
  compile: (schema: object) => Check,
): void {
  for (const { endpoint, source } of endpoints) {
    for (const { path, message } of checkExample(integration, endpoint, compile))
      source.complain(path, message);
  }
}

function checkSlug({ slug }: Folder, known: ReadonlyMap<string, Integration>, complaints: Complaint[]): void {
  const complain = (message: string) => complaints.push({ file: slug, line: null, message });
  if (!/^[a-z][a-z0-9-]*$/.test(slug)) complain("a slug is lower-case letters, digits and dashes");
  if (reservedSlugs.includes(slug)) complain("the slug is reserved");
  if (known.has(slug)) complain("there is an integration of this slug in another directory");
}

function checkBaseUrls(
  baseUrls: Record<string, string>,
  known: ReadonlyMap<string, Integration>,
  complaints: Complaint[],
): void {
  for (const [slug, url] of Object.entries(baseUrls)) {
    const complain = (message: string) =>
      complaints.push({ file: `base URL of ${slug}`, line: null, message });
    if (!known.has(slug)) complain(`there is no such integration.${didYouMean(slug, known.keys())}`);
    checkBaseUrl(url, complain);
  }
}

import { createCatalog } from "#catalog/catalog.js";
import type { Integration } from "#catalog/integration.js";
import { checkAnyExample } from "#catalog/load/check-composite-example.js";
import { createChecks } from "#catalog/load/load.js";
import { loadIntegration } from "#catalog/load/load-integration.js";
import type { FileProblem } from "#catalog/load/source.js";
import { createSchemaCompiler } from "#core/schema-check.js";
import { importDescription } from "#importer/import-description.js";
import type { ImportOptions } from "#importer/options.js";
import type { DescriptionTexts } from "#importer/read/documents.js";
import type { ImportedFile } from "#importer/write/main-files.js";

const compile = createSchemaCompiler();
const checks = createChecks(compile);

/**
 * For tests: files of an import, loaded as a server loads folders of others, examples included.
 *
 * @param every of many endpoints, the example of one in so many is checked
 */
export function loadImported(
  slug: string,
  files: readonly ImportedFile[],
  every = 1,
): { integration: Integration | null; problems: string[] } {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const found: FileProblem[] = [];
  const endpointFiles = () => [...texts.keys()].filter((path) => path.startsWith("endpoints/")).sort();
  const folder = { slug, read: (path: string) => texts.get(path) ?? null, endpointFiles };
  const loaded = loadIntegration(folder, new Map(), checks, found);
  const checked = (loaded?.endpoints ?? []).filter((_, i) => i % every === 0);
  for (const { endpoint, source } of checked) {
    for (const { path, message } of checkAnyExample(loaded!.integration, endpoint, compile)) {
      source.report(path, message);
    }
  }
  const problems = found.map(({ file, line, message }) => `${file}:${line}: ${message}`);
  return {
    integration: loaded?.integration ?? null,
    problems,
  };
}

/** An operation of a description, and where it stands: by default `GET /things`. */
export interface DescribedOperation {
  path?: string;
  method?: string;
  [field: string]: unknown;
}

/** For tests: the text of a description with these operations. */
export function described(operations: readonly DescribedOperation[], more: object = {}): string {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { path = "/things", method = "get", ...operation } of operations) {
    paths[path] = { ...paths[path], [method]: { responses: {}, ...operation } };
  }
  return JSON.stringify({
    openapi: "3.0.3",
    info: { title: "Shop" },
    servers: [{ url: "https://shop.example/v1" }],
    paths,
    ...more,
  });
}

/** For tests: an import of the slug `shop`, loaded. Throws when a server would not load it. */
export function imported(description: string | DescriptionTexts, options: Partial<ImportOptions> = {}) {
  const texts = typeof description === "string" ? { text: description } : description;
  const { files, report } = importDescription(texts, { slug: "shop", ...options });
  const { integration, problems } = loadImported("shop", files);
  if (problems.length > 0 || !integration) throw new Error(problems.join("\n"));
  const catalog = createCatalog(new Map([["shop", integration]]), new Map());
  const endpoint = (name: string) => catalog.endpoint("shop", name);
  return {
    files,
    report,
    integration,
    names: [...integration.endpoints.keys()],
    endpoint,
    plan: (name: string, params: object) => catalog.plan(endpoint(name), params),
  };
}

/** For tests: the import of one operation. */
export const one = (operation: DescribedOperation, more?: object) => imported(described([operation], more));

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createCatalog } from "#catalog/catalog.js";
import type { Integration } from "#catalog/integration.js";
import { readGraphqlSchema } from "#importer/graphql/read-schema.js";
import { importDescription } from "#importer/import-description.js";
import { createRandom, generatedFiles, generateParams } from "#support/generated-params.js";
import { loadImported } from "#support/imported.js";

/** Descriptions of services as their vendors publish them; without them, nothing is checked here. */
const dir = process.env.SKILLETT_SPECS_DIR ?? "";
const files = dir === "" ? [] : readdirSync(dir).filter((name) => /\.(json|yaml|graphql)\.gz$/.test(name));

/** Of more endpoints, so many are checked by their examples and by params, but in `test:full`; all are loaded. */
const maxChecked = process.env.SKILLETT_TEST_CONFORMANCE ? Number.POSITIVE_INFINITY : 300;
const timeout = 600_000;

/** Where those are that do not say it. */
const addresses: Record<string, string> = {
  "linear.graphql.gz": "https://api.example.com/graphql",
};

function importFile(file: string) {
  const slug = file.split(".")[0]!;
  const text = gunzipSync(readFileSync(join(dir, file))).toString();
  const baseUrl = addresses[file];
  const operations = file.endsWith(".graphql.gz") ? rootFields(text) : [];
  return { slug, ...importDescription({ text }, { slug, baseUrl, operations }) };
}

function rootFields(text: string): string[] {
  const schema = readGraphqlSchema(text);
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((it) =>
    Object.keys(it?.getFields() ?? {}),
  );
  return fields.filter((name) => !name.startsWith("_"));
}

/** The params that are refused, or do not plan a request below the base URL. */
function unplanned(slug: string, integration: Integration, every: number): string[] {
  const catalog = createCatalog(new Map([[slug, integration]]), new Map());
  const random = createRandom(1);
  const checked = [...integration.endpoints.values()].filter((_, i) => i % every === 0);
  return checked.flatMap((endpoint) =>
    (["required", "all"] as const).flatMap((which) => {
      const params = generateParams(endpoint, which, random);
      try {
        const { url } = catalog.plan(endpoint, params, generatedFiles(endpoint));
        return url.startsWith("https://") ? [] : [`${endpoint.name}: ${url}`];
      } catch (error) {
        return [
          `${endpoint.name}, ${which}: ${(error as Error).message} ${JSON.stringify(params).slice(0, 300)}`,
        ];
      }
    }),
  );
}

test.skipIf(files.length > 0)(
  "descriptions of services are checked where SKILLETT_SPECS_DIR names their folder",
  () => {
    expect(files).toEqual([]);
  },
);

describe.skipIf(files.length === 0).each(files)("%s", (file) => {
  test("every operation is imported and loaded, and plans requests", { timeout }, () => {
    const { slug, files: made, endpoints } = importFile(file);
    const every = Math.max(1, Math.ceil(endpoints / maxChecked));
    const { integration, problems } = loadImported(slug, made, every);
    expect(problems).toEqual([]);
    expect(integration!.endpoints.size).toBe(endpoints);
    expect(unplanned(slug, integration!, every)).toEqual([]);
  });
});

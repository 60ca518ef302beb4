import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { checkExample } from "#catalog/check-example.js";
import { loadCatalog } from "#catalog/load.js";
import { createSchemaCompiler } from "#core/schema-check.js";

const dir = fileURLToPath(new URL("../../integrations", import.meta.url));
const catalog = loadCatalog({ dirs: [dir], baseUrls: {} });
const compile = createSchemaCompiler();

for (const integration of catalog.integrations.values()) {
  describe(integration.slug, () => {
    for (const endpoint of integration.endpoints.values()) {
      test(`${endpoint.name} sends what its example says`, () => {
        const faults = checkExample(integration, endpoint, compile);
        expect(faults.map(({ path, message }) => `${endpoint.file}: ${path.join(".")}: ${message}`)).toEqual(
          [],
        );
      });
    }
  });
}

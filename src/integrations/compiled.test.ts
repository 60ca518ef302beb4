import { expect, it } from "vitest";
import { readCatalog } from "#catalog/load/load.js";
import type { AuthProvider } from "#catalog/provider.js";
import {
  compiledFormat,
  createEndpointReader,
  readIntegration,
  writeEndpoint,
  writeIntegration,
} from "#integrations/compiled.js";

const { integrations, providers } = readCatalog(["integrations"]);
const all = [...integrations.values()];
const endpoints = all.flatMap((it) => [...it.endpoints.values()]);

it("every shipped endpoint is the same after it was written and read", () => {
  const read = createEndpointReader(2);
  const copies = endpoints.map((endpoint) => read(writeEndpoint(endpoint)));
  copies.forEach((copy, at) => {
    const original = endpoints[at]!;
    const values = Object.keys(original).map((name) => [name, copy[name as keyof typeof copy]]);
    expect(Object.fromEntries(values)).toStrictEqual(original);
  });
});

it("every shipped integration is the same after it was written and read", () => {
  for (const integration of all) {
    const copy = readIntegration(
      writeIntegration(integration),
      integration.endpoints,
      providers as ReadonlyMap<string, AuthProvider>,
    );
    expect(copy).toStrictEqual(integration);
  }
});

it("the form of what is stored changes only with its version", () => {
  const fields = (texts: string[]) =>
    [
      ...new Set(texts.flatMap((text) => text.split("\n").flatMap((line) => Object.keys(JSON.parse(line))))),
    ].sort();
  expect({
    compiledFormat,
    endpoint: fields(endpoints.map(writeEndpoint)),
    integration: fields(all.map(writeIntegration)),
  }).toMatchSnapshot("when this changes, raise compiledFormat");
});

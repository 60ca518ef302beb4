import { expect, test } from "vitest";
import { createCatalog } from "#catalog/catalog.js";
import type { Endpoint, Integration } from "#catalog/integration.js";
import { createCatalogs } from "#integrations/catalogs.js";
import type { CatalogIntegration } from "#store/integration-rows.js";

const endpoint = (integration: string, name: string) =>
  ({ integration, name, composite: null, summary: name, effect: "read" }) as unknown as Endpoint;

function integration(slug: string, names: string[]): Integration {
  const endpoints = new Map(names.map((name) => [name, endpoint(slug, name)]));
  return {
    slug,
    name: slug,
    search: { onlyWhenNamed: false },
    endpoints,
    files: [],
  } as unknown as Integration;
}

const shared = (...slugs: string[]) =>
  createCatalog(new Map(slugs.map((slug) => [slug, integration(slug, ["read_it", "write_it"])])), new Map());

/**
 * Rows of tenants that count how often they are read, and wait with that for as long as they are held. The integration
 * `own` is one that a tenant brings.
 */
function stage(...slugs: string[]) {
  const versions = new Map<string, number>();
  const off = new Map<string, string[]>();
  let reads = 0;
  let isBroken = false;
  let held = Promise.resolve();
  const main = '{"slug":"own","settings":{},"auth":{},"search":{}}';
  const toRow = (slug: string): CatalogIntegration =>
    slug === "own"
      ? { slug, kind: "import", enabled: 1, main, format: 1 }
      : { slug, kind: "shipped", enabled: 0, main: null, format: 1 };
  const catalogs = createCatalogs({
    renew: async () => {},
    shared: shared(...slugs),
    maxEndpoints: 10,
    integrations: {
      catalogVersion: async (tenantId) => versions.get(tenantId) ?? 0,
      list: async (tenantId) => {
        reads++;
        const found = (off.get(tenantId) ?? []).map(toRow);
        await held;
        if (isBroken) throw new Error("the database is away");
        return found;
      },
    },
    routes: { page: async () => [] },
  });
  return {
    ...catalogs,
    reads: () => reads,
    change(tenantId: string, slug: string) {
      versions.set(tenantId, (versions.get(tenantId) ?? 0) + 1);
      off.set(tenantId, [...(off.get(tenantId) ?? []), slug]);
      return { tenantId, catalogVersion: versions.get(tenantId)! };
    },
    hold() {
      let letGo = () => {};
      held = new Promise((resolve) => {
        letGo = resolve;
      });
      return () => letGo();
    },
    break: (broken: boolean) => {
      isBroken = broken;
    },
  };
}

test("a tenant that never changed anything has the shared catalogue itself, and no row is read for it", async () => {
  const { catalogOf, shared, reads } = stage("github");
  expect(await catalogOf({ tenantId: "ada", catalogVersion: 0 })).toBe(shared());
  expect(await catalogOf({ tenantId: "ada" })).toBe(shared());
  expect(reads()).toBe(0);
});

test("a tenant's rows are read once for a version, and another tenant does not see them", async () => {
  const { catalogOf, shared, reads, change } = stage("github", "gmail");
  const ada = change("ada", "github");
  const catalog = await catalogOf(ada);
  expect([...catalog.integrations.keys()]).toEqual(["gmail"]);
  expect([...catalog.known.keys()]).toEqual(["github", "gmail"]);
  expect(await catalogOf(ada)).toBe(catalog);
  expect(await catalogOf({ tenantId: "ada" })).toBe(catalog);
  expect(await catalogOf({ tenantId: "grace" })).toBe(shared());
  expect(reads()).toBe(1);
});

test("requests for a catalogue at the same moment share one reading of its rows", async () => {
  const { catalogOf, reads, change, hold } = stage("github");
  const ada = change("ada", "github");
  const letGo = hold();
  const asked = [catalogOf(ada), catalogOf(ada), catalogOf({ tenantId: "ada" })];
  letGo();
  const [first, ...others] = await Promise.all(asked);
  for (const other of others) expect(other).toBe(first);
  expect(reads()).toBe(1);
});

test("a change that is made while rows are read is in the catalogue of whoever knows of it", async () => {
  const { catalogOf, change, hold } = stage("github", "gmail");
  const before = change("ada", "github");
  const letGo = hold();
  const first = catalogOf(before);
  await new Promise(setImmediate);
  const second = catalogOf(change("ada", "gmail"));
  letGo();
  expect([...(await second).integrations.keys()]).toEqual([]);
  expect([...(await first).integrations.keys()]).toEqual([]);
});

test("a reading that fails is not kept", async () => {
  const { catalogOf, change, break: setBroken } = stage("github");
  const ada = change("ada", "github");
  setBroken(true);
  await expect(catalogOf(ada)).rejects.toThrow("the database is away");
  setBroken(false);
  expect((await catalogOf(ada)).integrations.size).toBe(0);
});

test("a replaced shared catalogue is seen by all tenants with their next request", async () => {
  const { catalogOf, replaceShared, change } = stage("github", "gmail");
  const ada = change("ada", "github");
  await catalogOf(ada);
  const next = shared("github", "slack");
  replaceShared(next);
  expect([...(await catalogOf(ada)).integrations.keys()]).toEqual(["slack"]);
  expect(await catalogOf({ tenantId: "grace" })).toBe(next);
});

test("catalogues that were not asked for in the longest time are let go when there are too many endpoints", async () => {
  const { catalogOf, reads, change } = stage("github");
  const [ada, grace, mary] = ["ada", "grace", "mary"].map((name) => change(name, "own"));
  // Each has two integrations with two endpoints together, and ten are kept.
  for (const owner of [ada!, grace!, ada!, mary!, ada!, mary!]) await catalogOf(owner);
  expect(reads()).toBe(3);
  await catalogOf(grace!);
  expect(reads()).toBe(4);
});

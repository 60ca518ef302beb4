import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type Endpoint, type Integration, isJsonBody } from "#catalog/integration.js";
import { checkAnyExample } from "#catalog/load/check-composite-example.js";
import { exampleFiles, wholeBody } from "#catalog/load/check-example.js";
import { loadCatalog } from "#catalog/load/load.js";
import { endpointPage } from "#catalog/page.js";
import { createSchemaCompiler } from "#core/schema-check.js";
import { type Operation, readDescription } from "#support/openapi.js";

const dir = fileURLToPath(new URL("../../../integrations", import.meta.url));
const fixtures = fileURLToPath(new URL("../../../test/fixtures/integrations", import.meta.url));
const catalog = loadCatalog({ dirs: [dir], baseUrls: {} });
const compile = createSchemaCompiler();
/** Where the services' own OpenAPI documents lie, `<slug>.json.gz`. */
const specsDir = process.env.SKILLETT_SPECS_DIR;

/** Scopes that Google's own documents list beside a narrower one. */
const includes: Record<string, string[]> = {
  "https://www.googleapis.com/auth/gmail.modify": ["readonly", "labels", "compose", "send"].map(
    (name) => `https://www.googleapis.com/auth/gmail.${name}`,
  ),
  "https://www.googleapis.com/auth/calendar": ["readonly", "events", "events.readonly"].map(
    (name) => `https://www.googleapis.com/auth/calendar.${name}`,
  ),
};

/** Where the document, not the endpoint, is out of date. */
const outdated = [
  "slack delete_message: /ts must be number",
  // GitHub's link headers lead there.
  ...["after", "before"].map((name) => `github list_issues_for_repo: no query param ${name}`),
  ...["post_message", "update_message", "delete_message", "schedule_message"].map(
    (name) => `slack ${name}: no scope chat:write`,
  ),
];

/** Endpoints that the services have had only since their document was written. */
const later = ["get_upload_address", "send_upload", "complete_upload", "download_file"].map(
  (it) => `slack ${it}`,
);

describe.each([...catalog.integrations])("%s", (slug, integration) => {
  const endpoints = [...integration.endpoints.values()];

  test.each(endpoints)("$name sends what its example says", (endpoint) => {
    const faults = checkAnyExample(integration, endpoint, compile);
    expect(faults.map(({ path, message }) => `${path.join(".")}: ${message}`)).toEqual([]);
  });

  const viewed = endpoints.filter(({ views }) => views.readable !== undefined);
  test.skipIf(viewed.length === 0)("every endpoint with a view shows the answer that it reads", () => {
    expect(viewed.filter(({ example }) => example.answer === undefined)).toEqual([]);
  });

  test.each(endpoints)("$name has an example that is shown on its page", (endpoint) => {
    expect(endpointPage(endpoint)).toContain(`skillett run ${slug} ${endpoint.name}`);
  });

  test.each(endpoints)("$name has ten ways to ask for it, each of its own", ({ name, asks }) => {
    expect(asks.length).toBeGreaterThanOrEqual(10);
    const others = [...catalog.integrations.values()]
      .flatMap((it) => [...it.endpoints.values()])
      .filter((it) => it.integration !== slug || it.name !== name);
    const taken = new Set(others.flatMap((it) => it.asks.map((ask) => ask.toLowerCase())));
    expect(asks.filter((ask) => taken.has(ask.toLowerCase()))).toEqual([]);
  });

  test.each(endpoints.filter(({ effect }) => effect !== "read"))(
    "$name says what it acts on, or does not act on one thing",
    ({ name, target }) => {
      expect(target === null).toBe(["create_draft", "open_conversation"].includes(name));
    },
  );

  test("a destructive endpoint cannot be undone", () => {
    const destructive = endpoints.filter(({ effect }) => effect === "destructive");
    expect(destructive.filter(({ irreversible }) => !irreversible)).toEqual([]);
  });

  test("signing in asks for the scopes of all endpoints, and for no other", () => {
    const asked = integration.auth.oauth2?.grant?.scopes ?? [];
    const granted = asked.flatMap((scope) => [scope, ...(includes[scope] ?? [])]);
    const needs = endpoints.flatMap(({ scopes }) => scopes).map((need) => [need].flat());
    expect(needs.filter((anyOf) => !anyOf.some((scope) => granted.includes(scope)))).toEqual([]);
    const useful = (scope: string) =>
      [scope, ...(includes[scope] ?? [])].some((it) => needs.flat().includes(it));
    expect(asked.filter((scope) => !useful(scope))).toEqual([]);
  });

  test("the account is asked for by name, not taken from the first page of a list", () => {
    const { path = "", id = "", name: shown = "" } = integration.account ?? {};
    expect(`${id} ${shown}`).not.toMatch(/=|\.\d+(\.|\s|$)/);
    expect(path).not.toMatch(/[?&](maxResults|per_page|limit|page_?size)=/i);
  });

  const description = specsDir ? readDescription(specsDir, slug) : null;
  describe.skipIf(!description)("the service's own description", () => {
    const requests = endpoints.filter(
      ({ composite, name }) => composite === null && !later.includes(`${slug} ${name}`),
    );
    test.each(requests)("$name is sent as the service describes it", (endpoint) => {
      const operation = description!.operation(
        endpoint.method,
        // A document has the paths of all its servers.
        integration.baseUrl + endpoint.example.sends.url,
      );
      expect(operation, `${endpoint.method} ${endpoint.path} is not in it`).not.toBeNull();
      expect(deviations(integration, endpoint, operation!)).toEqual([]);
    });
  });
});

test("the integrations of the tests load beside ours", () => {
  const { integrations, providers } = loadCatalog({ dirs: [dir, fixtures], baseUrls: {} });
  expect([...providers.keys()]).toEqual(["github", "google", "slack", "odd"]);
  const kinds = [...integrations.values()]
    .filter(({ slug }) => slug.startsWith("odd"))
    .map(({ slug, auth }) => [slug, ...Object.keys(auth)]);
  expect(kinds).toEqual([
    ["odd", "token"],
    ["odd-basic", "basic"],
    ["odd-key", "key"],
    ["odd-machine", "machine"],
    ["odd-oauth", "oauth2"],
    ["odd-open", "none"],
  ]);
});

function deviations(integration: Integration, endpoint: Endpoint, operation: Operation): string[] {
  const unknown = Object.values(endpoint.placements).flatMap(({ in: place, name }) => {
    const known = place === "query" ? operation.query : place === "body" ? operation.body : null;
    // A document says the fields of the body, not those within them.
    return endpoint.body === "rfc822_message" ||
      !known ||
      known.has(place === "body" ? name.split(".")[0]! : name)
      ? []
      : [`no ${place} param ${name}`];
  });
  const scopes = operation.scopes.size === 0 ? [] : endpoint.scopes.flat();
  const otherScopes = scopes.flatMap((scope) => (operation.scopes.has(scope) ? [] : [`no scope ${scope}`]));
  const { facts, bytesOf } = exampleFiles(endpoint);
  const body = wholeBody(catalog.plan(endpoint, endpoint.example.params, facts).body, bytesOf);
  const isJson = body !== null && isJsonBody(endpoint.body);
  return [...unknown, ...otherScopes, ...(isJson ? operation.bodyErrors(JSON.parse(String(body))) : [])]
    .map((deviation) => `${integration.slug} ${endpoint.name}: ${deviation}`)
    .filter((deviation) => !outdated.includes(deviation));
}

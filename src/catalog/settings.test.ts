import { describe, expect, it } from "vitest";
import { loadCatalog } from "#catalog/load/load.js";
import { authorize, maskedPlan } from "#catalog/request/authorize.js";
import { planAt, readSettings, withSettings } from "#catalog/settings.js";
import { acme, problemsIn, withFiles } from "#support/catalog-fixtures.js";

const main = "acme/integration.yaml";
const site = { label: "Site", help: "See the address.", pattern: "[a-z][a-z0-9-]*" };

/** Acme without the way `key`, at this base URL. */
function hosted(baseUrl: string, settings: object, more = ""): Record<string, string> {
  const yaml = acme[main]!.replace(/^base_url: .*$/m, () => `base_url: ${JSON.stringify(baseUrl)}`).replace(
    /^headers:$/m,
    () => `settings: ${JSON.stringify(settings)}\n${more}headers:`,
  );
  return { ...acme, [main]: yaml };
}

const problems = (baseUrl: string, settings: object, more?: string) =>
  problemsIn(hosted(baseUrl, settings, more)).map((line) =>
    line.replace(/^acme\/integration\.yaml:\d+: /, ""),
  );

function load(baseUrl: string, settings: object, baseUrls: Record<string, string> = {}) {
  return withFiles(hosted(baseUrl, settings), (dir) => loadCatalog({ dirs: [dir], baseUrls }));
}

describe("a folder with settings", () => {
  it.each([
    ["base_urls: { up: 'https://up.{other}' }", {}, "base_urls.up: {other} is not among the settings"],
    ["base_urls: { up: 'https://up.{site}' }", {}, "base_urls.up: must end its host"],
    ["base_urls: { up: 'http://{site}.acme.test' }", {}, "base_urls.up: must be https"],
    ["base_urls: { up: 'https://acme.test/{site}' }", { pattern: "[a-z.]+" }, "with a dot"],
    [
      "base_urls: { up: '{site}/up' }",
      { pattern: "https://[a-z]+\\.acme\\.test" },
      "settings.site: is scheme and host of one URL, and a part of another",
    ],
  ])("further base URLs keep the rules of the first: %s", (more, given, expected) => {
    const found = problems("https://{site}.acme.test", { site: { ...site, ...given } }, `${more}\n`);
    expect(found.join("\n")).toContain(expected);
  });

  it.each<[string, string, object, string]>([
    ["a placeholder that is no setting", "https://{site}.acme.test", { other: site }, "{site} is not among"],
    ["a setting nobody uses", "https://{site}.acme.test", { site, other: site }, "stands in no URL"],
    [
      "a host without pattern",
      "https://{site}.acme.test",
      { site: { ...site, pattern: undefined } },
      "say its pattern",
    ],
    [
      "a pattern with a dot",
      "https://{site}.acme.test",
      { site: { ...site, pattern: "[a-z.]+" } },
      "with a dot",
    ],
    [
      "any text as pattern",
      "https://{site}.acme.test",
      { site: { ...site, pattern: ".*" } },
      "matches texts with /",
    ],
    ["a pattern with @", "https://{site}.acme.test", { site: { ...site, pattern: "[a-z@]+" } }, "with @"],
    [
      "a loose alternative",
      "https://{site}.acme.test",
      { site: { ...site, pattern: "a|.+" } },
      "matches texts with /",
    ],
    [
      "a broken pattern",
      "https://{site}.acme.test",
      { site: { ...site, pattern: "(" } },
      "is no regular expression",
    ],
    ["a slash in a path", "https://acme.test/{site}", { site: { ...site, pattern: "[a-z/]+" } }, "with /"],
    ["an end of the host that is open", "https://acme.{site}", { site }, "must end its host"],
    ["one label as the end", "https://{site}.test", { site }, "must end its host"],
    ["an address as the end", "https://{site}.0.0.1", { site }, "must end its host"],
    ["a port as the end", "https://acme.test:{site}", { site }, "must be an http or https URL"],
    ["a scheme without TLS", "http://{site}.acme.test", { site }, "must be https"],
    ["the usual port", "https://{site}.acme.test:443", { site }, "in another way"],
    ["a user name", "https://{site}@evil.acme.test", { site }, "must not hold a user name"],
    ["a scheme", "{site}://acme.test", { site }, "scheme and host"],
    ["an origin with more", "{site}.acme.test/x", { site }, "scheme and host"],
    [
      "an origin that is open",
      "{site}/x",
      { site: { ...site, pattern: "https://[a-z.]+" } },
      "must end with the domain",
    ],
    [
      "an origin with two ends",
      "{site}/x",
      { site: { ...site, pattern: "https://a|b\\.acme\\.test" } },
      "must not have |",
    ],
    [
      "an origin without TLS",
      "{site}/x",
      { site: { ...site, pattern: "http://[a-z]+\\.acme\\.test" } },
      "https://",
    ],
    [
      "a path of a field",
      "https://{site}.acme.test",
      { site: { ...site, path: "a" } },
      "is for a setting from an answer",
    ],
    [
      "a token setting without path",
      "https://{site}.acme.test",
      { site: { ...site, from: "token" } },
      "is required",
    ],
    [
      "a token answer nobody has",
      "https://{site}.acme.test",
      { site: { ...site, from: "token", path: "a" } },
      "say default",
    ],
    [
      "discover that is not there",
      "https://{site}.acme.test",
      { site: { ...site, from: "discover", path: "a" } },
      "needs discover",
    ],
    [
      "a default that does not fit",
      "https://{site}.acme.test",
      { site: { ...site, default: "A.b" } },
      "must be",
    ],
    [
      "pattern and one_of",
      "https://{site}.acme.test",
      { site: { ...site, one_of: ["a"] } },
      "does not go together",
    ],
    [
      "a region that is no host",
      "https://{site}",
      { site: { ...site, pattern: undefined, one_of: ["a/b"] } },
      "does not fit",
    ],
    ["a name of a field", "https://{token}.acme.test", { token: site }, "is the name of a field"],
  ])("%s is refused when the folder is loaded", (_, baseUrl, settings, message) => {
    expect(problems(baseUrl, settings).join("\n")).toContain(message);
  });

  it("every problem has its file and line", () => {
    expect(
      problemsIn(hosted("https://{site}.acme.test", { site: { ...site, pattern: ".*" }, other: site })),
    ).toEqual([
      expect.stringMatching(/^acme\/integration\.yaml:5: settings\.site\.pattern: /),
      expect.stringMatching(/^acme\/integration\.yaml:5: settings\.other: /),
    ]);
  });

  it("discover has an address of its own, with TLS, and a setting that comes from it", () => {
    const more = "discover: { url: http://acme.test }\n";
    expect(problems("https://{site}.acme.test", { site }, more)).toEqual([
      "discover: is asked for nothing: no setting is from it",
      "discover.url: must be https",
    ]);
  });

  it("an operator's base URL takes the place of all settings", () => {
    const { integration } = load("https://{site}.acme.test", { site }, { acme: "http://127.0.0.1:1" });
    expect(integration("acme")).toMatchObject({ settings: {}, baseUrl: "http://127.0.0.1:1" });
  });
});

describe("values of settings", () => {
  const catalog = load("https://{site}.acme.test/{area}", {
    site,
    area: { label: "Area", help: "See.", default: "v1" },
  });
  const acmeCorp = catalog.integration("acme");
  const regional = load("https://api.{site}/v1", {
    site: { label: "Site", help: "See.", one_of: ["acme.test", "acme.example"] },
  }).integration("acme");

  it("a plan by the file becomes one at the connection's own base URL", () => {
    const plan = catalog.plan(catalog.endpoint("acme", "list_items"), { org: "{site}" });
    const own = withSettings(acmeCorp, { site: "corp", area: "v2" });
    const url = "https://corp.acme.test/v2/orgs/%7Bsite%7D/items";
    expect(planAt(own, acmeCorp, { base: null }, plan).url).toContain(url);
    expect(maskedPlan(own, "token", planAt(own, acmeCorp, { base: null }, plan)).url).toContain(url);
    expect(
      authorize(own, "token", { token: "t" }, planAt(own, acmeCorp, { base: null }, plan)).url,
    ).toContain(url);
  });

  it("a region is one of the list, in whose values there may be dots", () => {
    expect(withSettings(regional, { site: "acme.example" }).baseUrl).toBe("https://api.acme.example/v1");
    expect(() => withSettings(regional, { site: "evil.example" })).toThrow("Connect the account again");
  });

  it("defaults and what the connection has fill in what is left out", () => {
    expect(readSettings(acmeCorp, { site: "corp" })).toEqual({
      values: { site: "corp", area: "v1" },
      issues: [],
    });
    expect(readSettings(acmeCorp, {}, { site: "old", area: "v2" }).values).toEqual({
      site: "old",
      area: "v2",
    });
    expect(readSettings(acmeCorp, {}).issues).toEqual([
      { at: "settings.site", message: "is required: Site" },
    ]);
  });

  it.each([
    { site: "a.b" },
    { site: "a/b" },
    { site: "a@b" },
    { site: "a#" },
    { site: "a?" },
    { site: "a\\b" },
    { site: "a:1" },
    { site: "a%2e" },
    { site: "A" },
    { site: "ａ" },
    { site: "xn--a" },
    { site: "" },
    { site: 7 },
    { site: null },
    {},
    { site: "a", area: ".." },
    { site: "a", area: "." },
    { site: "a", area: "a/b" },
    { site: "a", area: "%2e%2e" },
    { site: "a", area: "a?b" },
  ])("no base URL is made of %j", (values) => {
    const whole = { area: "v1", ...values } as Record<string, string>;
    expect(() => withSettings(acmeCorp, whole)).toThrow("Connect the account again");
  });

  it("properties that objects inherit are no values", () => {
    const named = load("https://{constructor}.acme.test", { constructor: site }).integration("acme");
    expect(() => withSettings(named, {})).toThrow("Connect the account again");
  });
});

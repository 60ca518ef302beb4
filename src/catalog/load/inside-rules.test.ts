import { describe, expect, test } from "vitest";
import { loadCatalog } from "#catalog/load/load.js";
import { problemsIn, withFiles } from "#support/catalog-fixtures.js";

/** An integration that is answered inside, with these lines in place of its base URL and its ways to connect. */
function folder(lines: string): Record<string, string> {
  return {
    "practice/integration.yaml": `name: Practice\ndescription: To practise.\ncategory: developer\n${lines}`,
    "practice/SKILL.md": "---\nname: skillett-practice\ndescription: Practise.\n---\n# Practice\n",
    "practice/search.yaml": "only_when_named: true\n",
    "practice/endpoints/things/list_things.md": `---
summary: List things
request: GET /issues
effect: read
scopes: []
returns: Things.
example: { params: {}, sends: { method: GET, url: /issues } }
---
They are few.
`,
  };
}

const good = "base_url: inside://sandbox\nauth: { none: {} }\n";
const file = "practice/integration.yaml";

describe("an integration that is answered inside", () => {
  test("an integration may have a service that is inside for its base URL", () => {
    const catalog = withFiles(folder(good), (dir) => loadCatalog({ dirs: [dir], baseUrls: {} }));
    const endpoint = catalog.endpoint("practice", "list_things");
    expect(catalog.plan(endpoint, {}).url).toBe("inside://sandbox/issues");
  });

  test.each([
    ["inside://elsewhere", "must be inside://sandbox: no other service is inside"],
    ["inside://sandbox/", "must be inside://sandbox: no other service is inside"],
    ["inside://sandbox/issues", "must be inside://sandbox: no other service is inside"],
    ["inside://sandbox:80", "must be inside://sandbox: no other service is inside"],
    ["inside://", "must be inside://sandbox: no other service is inside"],
    ["Inside://sandbox", "must be an http or https URL"],
    ["file:///etc", "must be an http or https URL"],
  ])("the base URL %s is refused", (url, message) => {
    expect(problemsIn(folder(good.replace("inside://sandbox", url)))).toEqual([
      `${file}:4: base_url: ${message}`,
    ]);
  });

  test("credentials, an account, and settings are refused all at once", () => {
    const lines = `base_url: inside://sandbox
auth:
  token:
    fields: { token: { label: Token, help: Ask somebody. } }
    headers: { authorization: "Bearer {token}" }
account: { request: GET /people, id: id, name: name }
settings:
  place: { label: Place, help: Any., pattern: "[a-z]+" }
discover: { url: "https://acme.example/places" }
`;
    const problems = problemsIn(folder(lines));
    for (const place of ["account", "settings", "discover", "auth.token"]) {
      expect(problems.filter((it) => it.includes(`: ${place}: `) && it.includes("inside"))).toHaveLength(1);
    }
  });

  test("an operator has nothing to put in place of it", () => {
    expect(problemsIn(folder(good), { baseUrls: { practice: "https://evil.example" } })).toEqual([
      "base URL of practice: the service is part of this program: it has no address that could be replaced",
    ]);
  });

  test("an integration may be found only when it is named", async () => {
    const catalog = withFiles(folder(good), (dir) => loadCatalog({ dirs: [dir], baseUrls: {} }));
    const found = async (question: string) => {
      const { integrations, endpoints } = await catalog.search(question);
      return [integrations.length, endpoints.length];
    };
    expect(await found("list things")).toEqual([0, 0]);
    expect(await found("to practise")).toEqual([0, 0]);
    expect(await found("list things of practice")).toEqual([1, 1]);
    const within = await catalog.searchWithin(catalog.integration("practice"), "list things");
    expect(within.map(({ name }) => name)).toEqual(["list_things"]);
  });
});

import { describe, expect, test } from "vitest";
import { endpointProblems, paramIssues, tryEndpoint } from "#support/catalog-fixtures.js";

/** Names and places that only some services have, each as it stands in the request. */

const front = (request: string, params: string, sends: string, values = "{ a: x }") => `summary: Try it
request: ${request}
params:
${params}
effect: read
scopes: []
returns: Anything.
example:
  params: ${values}
  sends: ${sends}
`;

describe("names in a query", () => {
  test.each([
    ["DateSent<", "DateSent%3C=x"],
    ["DateSent>", "DateSent%3E=x"],
    ["$filter", "%24filter=x"],
    ["page[size]", "page%5Bsize%5D=x"],
    ["PageSize", "PageSize=x"],
    ["@odata.type", "%40odata.type=x"],
    ["a.b", "a.b=x"],
    ["a b&c=d", "a%20b%26c%3Dd=x"],
  ])("the name %s stands in the query as %s", (name, query) => {
    const as = JSON.stringify(name);
    const matter = front(
      "GET /things",
      `  a: { type: string, as: ${as}, description: Any }`,
      `{ method: GET, url: /things, query: { ${as}: x } }`,
    );
    expect(endpointProblems(matter)).toEqual([]);
    expect(tryEndpoint(matter).plan({ a: "x" }).url).toBe(`https://api.acme.test/v1/things?${query}`);
  });
});

describe("paths", () => {
  test.each([
    ["/documents/{a}:batchUpdate", "x", "/documents/x:batchUpdate"],
    ["/documents/{a}:batchUpdate", "a:b/c", "/documents/a%3Ab%2Fc:batchUpdate"],
    ["/values/{a}:append", "'My tab'!A1:C", "/values/'My%20tab'!A1%3AC:append"],
    ["/projects/{a}/issues", "group/project", "/projects/group%2Fproject/issues"],
    ["/search(q='{a}')", "x y", "/search(q='x%20y')"],
    ["/Accounts/{a}.json", "AC1", "/Accounts/AC1.json"],
    ["/teams/{a}/channels", "19:ab@thread.tacv2", "/teams/19%3Aab%40thread.tacv2/channels"],
    ["/api/0/issues/{a}/", "1", "/api/0/issues/1/"],
    ["/$batch/{a}", "x", "/$batch/x"],
    ["/things/{a}/$value", "x", "/things/x/$value"],
  ])("the path %s with %j becomes %s", (request, value, url) => {
    const values = JSON.stringify({ a: value });
    const matter = front(
      `GET ${request}`,
      "  a: { type: string, description: Any }",
      `{ method: GET, url: ${JSON.stringify(url)} }`,
      values,
    );
    expect(endpointProblems(matter)).toEqual([]);
    expect(tryEndpoint(matter).plan({ a: value }).url).toBe(`https://api.acme.test/v1${url}`);
  });

  test("a path addressed by colons keeps the slashes of its param", () => {
    const matter = front(
      "GET /drive/root:/{a}:/content",
      "  a: { type: string, segments: many, description: Any }",
      "{ method: GET, url: '/drive/root:/Docs/my%20file.txt:/content' }",
      "{ a: Docs/my file.txt }",
    );
    expect(endpointProblems(matter)).toEqual([]);
    const { plan } = tryEndpoint(matter);
    for (const a of ["../up", "a/../b", "/a", "a//b"]) expect(paramIssues(plan, { a })).toHaveLength(1);
  });

  test("a value between quotes in a path cannot end them", () => {
    const { plan } = tryEndpoint(
      front(
        "GET /search(q='{a}')",
        "  a: { type: string, description: Any }",
        `{ method: GET, url: "/search(q='it''s')" }`,
        `{ a: "it's" }`,
      ),
    );
    expect(plan({ a: "x') or ('" }).url).toContain("/search(q='x'')%20or%20('''");
  });
});

test("a base URL that there is not is the only problem of its endpoint", () => {
  const matter = front(
    "GET /things",
    "  a: { type: string, description: Any }",
    "{ method: GET, url: /other }",
  );
  expect(endpointProblems(`base: uploads\n${matter}`)).toEqual([
    "2: base: there is no uploads among base_urls.",
  ]);
});

test("a param that takes no such value as its file fills in is a problem", () => {
  const matter = front(
    "POST /things",
    "  a: { type: string, maxLength: 20, description: Any }",
    "{ method: POST, url: /things, json: { a: x } }",
  ).replace("effect: read", "effect: write");
  const problems = (more: string) => endpointProblems(`idempotency: { param: a${more} }\n${matter}`);
  expect(problems("")).toEqual([
    "2: idempotency.param: a does not take such a value: must have at most 20 characters",
  ]);
  expect(problems(", length: 20")).toEqual([]);
});

describe("names in a body", () => {
  test.each(["PascalCase", "To", "$schema", "a-b", "DateSent<"])(
    "the name %s stands in a form, and in JSON, as it is",
    (name) => {
      const as = JSON.stringify(name);
      for (const body of ["form", "json"]) {
        const matter = `body: ${body}\n${front(
          "POST /things",
          `  a: { type: string, as: ${as}, description: Any }`,
          `{ method: POST, url: /things, ${body}: { ${as}: x } }`,
        )}`;
        expect(endpointProblems(matter)).toEqual([]);
      }
    },
  );

  test("a dot behind a backslash is a part of a name in JSON, and one without leads into an object", () => {
    const matter = front(
      "POST /things",
      "  a: { type: string, as: 'item.@odata\\.type', description: Any }",
      "{ method: POST, url: /things, json: { item: { '@odata.type': x } } }",
    );
    expect(endpointProblems(matter)).toEqual([]);
    expect(tryEndpoint(matter).plan({ a: "x" }).body).toBe('{"item":{"@odata.type":"x"}}');
  });
});

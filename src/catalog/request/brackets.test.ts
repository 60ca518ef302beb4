import { describe, expect, test } from "vitest";
import { endpointProblems, paramIssues, tryEndpoint } from "#support/catalog-fixtures.js";

const rest = (sends = "") => `effect: read
scopes: []
returns: It.
example: { params: {}, sends: { method: GET, url: /try, ${sends} } }
`;

const query = (params: string, more = "") => `summary: Try
request: GET /try
${more}params:
${params}
`;

const all = query(`  ids: { type: array, items: { type: integer }, array: brackets, description: Ids }
  page: { type: object, style: brackets, description: Page }
  fields_of: { type: object, style: brackets, array: comma, as: fields, description: Fields }
  lines: { type: [array, object], items: { type: [object, string] }, style: brackets, description: Lines }`);

/** The query of a request, or its body, as a service reads it. */
const decoded = (text: string) => decodeURIComponent(text.split("?")[1] ?? text);

describe("brackets in the query and in forms", () => {
  const { plan } = tryEndpoint(all + rest());

  test.each<[object, string]>([
    [{ ids: [1, 2] }, "ids[]=1&ids[]=2"],
    [{ ids: [] }, ""],
    [{ page: { size: 1, after: "a&b=c" } }, "page[size]=1&page[after]=a&b=c"],
    [{ page: { a: { b: { c: true } }, d: {} } }, "page[a][b][c]=true"],
    [{ page: { tags: ["x", "y"], none: [] } }, "page[tags][]=x&page[tags][]=y"],
    [
      { fields_of: { articles: ["title", "body"], people: ["name"] } },
      "fields[articles]=title,body&fields[people]=name",
    ],
    [
      {
        lines: [
          { price: "p1", quantity: 2 },
          { price: "p2", tax: ["t1", "t2"] },
        ],
      },
      "lines[0][price]=p1&lines[0][quantity]=2&lines[1][price]=p2&lines[1][tax][]=t1&lines[1][tax][]=t2",
    ],
    [{ lines: ["a", { b: 1 }] }, "lines[0]=a&lines[1][b]=1"],
    [{ lines: ["a", "b"] }, "lines[]=a&lines[]=b"],
  ])("%j is written as %s", (params, expected) => {
    const [path, search] = plan(params).url.split("?");
    expect(path).toBe("https://api.acme.test/v1/try");
    expect(decodeURIComponent(search ?? "")).toBe(expected);
    expect(search ?? "").not.toMatch(/[[\]]/);
  });

  test("a form is written in the same way", () => {
    const form = all.replace("request: GET", "body: form\nrequest: POST");
    const { body, headers } = tryEndpoint(form + rest("form: {}")).plan({ ids: [1], page: { size: 1 } });
    expect(headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(decoded(String(body))).toBe("ids[]=1&page[size]=1");
  });

  test("the example has the names as the service reads them", () => {
    const sends = 'query: { "ids[]": ["1", "2"], "page[size]": "5" }';
    const given = rest(sends).replace("params: {}", "params: { ids: [1, 2], page: { size: 5 } }");
    expect(endpointProblems(all + given)).toEqual([]);
  });

  test.each<[object, string[]]>([
    [{ page: { "a][b": 1 } }, ["params.page has a name that is empty or has a bracket"]],
    [{ page: { "": 1 } }, ["params.page has a name that is empty or has a bracket"]],
    [{ page: { a: { "b[": 1 } } }, ["params.page.a has a name that is empty or has a bracket"]],
    [
      { page: { "\ud800": 1 } },
      ["params.page has a name with line breaks, other control characters or half a character"],
    ],
    [
      { page: { "a\r\nb": 1 } },
      ["params.page has a name with line breaks, other control characters or half a character"],
    ],
    [{ page: { a: null } }, ["params.page.a must be text, a number, true or false"]],
    [
      { lines: [{ a: ["\n"] }] },
      ["params.lines.0.a.0 must not have line breaks or other control characters"],
    ],
    [{ fields_of: { a: ["b,c"] } }, ["params.fields_of.a must not have a comma in an item"]],
    [
      { ids: [[1]] },
      ["params.ids.0 must be an integer, not an array", "params.ids.0 must be text, a number, true or false"],
    ],
  ])("the params %j are refused", (params, expected) => {
    expect(paramIssues(plan, params)).toEqual(expected);
  });

  test("a name cannot leave its param, and __proto__ is a name like any other", () => {
    const page = JSON.parse('{"__proto__":{"x":1},"a&ids":"=&q=1"}');
    expect(plan({ page }).url.split("?")[1]).toBe(
      "page%5B__proto__%5D%5Bx%5D=1&page%5Ba%26ids%5D=%3D%26q%3D1",
    );
  });

  test("objects that are nested very deeply are refused, not followed", () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`);
    expect(paramIssues(plan, { page: deep })).toEqual([expect.stringMatching(/is nested too deeply$/)]);
  });

  test("thousands of issues are answered with fifty of them", () => {
    const page = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`a${i}`, null]));
    expect(paramIssues(plan, { page })).toHaveLength(50);
  });
});

test("names of the service may have signs, and paths words after a param", () => {
  const { plan } = tryEndpoint(
    query(`  id: { type: string, segments: many, description: Id }
  top: { type: integer, as: $top, description: How many }
  after: { type: string, as: "created>", description: After }`).replace(
      "/try",
      "/drive:/{id}:/content(v='1')",
    ) + rest(),
  );
  const { url } = plan({ id: "a/b:c", top: 1, after: "x" });
  expect(url).toBe("https://api.acme.test/v1/drive:/a/b%3Ac:/content(v='1')?%24top=1&created%3E=x");
});

describe("brackets that cannot be", () => {
  const two = (one: string, other: string, more = "") =>
    query(
      `  one: { type: array, items: { type: string }, ${one}, description: One }
  other: { type: string, ${other}, description: Other }`,
      more,
    ) + rest();

  test.each<[string, string, string[]]>([
    [
      "array brackets beside such a name",
      two("array: brackets, as: a", 'as: "a[]"'),
      ["6: params.other: goes to the same place as one"],
    ],
    [
      "style brackets beside such a name",
      two("style: brackets, as: a", 'as: "a[b]"'),
      ["6: params.other: goes to the same place as one"],
    ],
    ["a name without brackets beside it", two("array: repeat, as: a", 'as: "a[b]"'), []],
    [
      "a constant within it",
      two("style: brackets, as: a", "as: b", 'constants: { query: { "a[c]": 1 } }\n'),
      ["6: params.one: goes to the same place as constants"],
    ],
    [
      "a style elsewhere",
      two("style: brackets, in: header, as: x-a", "as: b"),
      [
        "5: params.one.type: a header param is string, integer, number, boolean",
        "5: params.one.style: is for the query and for forms",
      ],
    ],
    ["an unknown style", two("style: deep, as: a", "as: b"), ["5: params.one.style: must be"]],
    [
      "an object without a style",
      query("  one: { type: object, description: One }") + rest(),
      ["5: params.one.type: a query param is string, integer, number, boolean, array"],
    ],
  ])("brackets are a problem of the file where they meet something else: %s", (_, matter, expected) => {
    const problems = endpointProblems(matter).filter((line) => !line.includes(": example"));
    expect(problems).toEqual(expected.map((text) => expect.stringContaining(text)));
  });
});

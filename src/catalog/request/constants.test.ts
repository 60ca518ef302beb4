import { describe, expect, test } from "vitest";
import { endpointProblems, paramIssues, tryEndpoint } from "#support/catalog-fixtures.js";

/** An endpoint with these constants. */
const withConstants = (constants: string, sends = "json: { archived: false }", request = "POST /search") =>
  `summary: Search
request: ${request}
constants: ${constants}
params:
  title: { type: string, in: ${request.startsWith("GET") ? "query" : "body"}, description: Words }
  page: { type: integer, in: query, description: Page }
  trace: { type: string, in: header, as: x-trace, description: Trace }
effect: read
scopes: []
returns: Items.
example: { params: {}, sends: { method: POST, url: /search, ${sends} } }
`;

describe("constants of an endpoint", () => {
  test("constants are sent beside what the params give", () => {
    const { plan } = tryEndpoint(
      withConstants(`
  body: { object: { kind: page, tags: [a] }, archived: false, none: null, empty: {} }
  query: { expand: [a b, c], v: 2 }
  headers: { prefer: return=minimal, accept: text/plain }`),
    );
    const body = '{"object":{"kind":"page","tags":["a"]},"archived":false,"none":null,"empty":{}';
    expect(plan({ title: "x", page: 3, trace: "t" })).toEqual({
      method: "POST",
      url: "https://api.acme.test/v1/search?expand=a%20b&expand=c&v=2&page=3",
      headers: {
        accept: "text/plain",
        prefer: "return=minimal",
        "content-type": "application/json",
        "x-trace": "t",
      },
      body: `${body},"title":"x"}`,
    });
    expect(plan({}).body).toBe(`${body}}`);
  });

  test("constants alone make a body and a query", () => {
    const { plan } = tryEndpoint(
      withConstants("{ body: { a: 1 } }").replace(/params:\n(?: .*\n)*/, "params: {}\n"),
    );
    expect(plan({}).body).toBe('{"a":1}');
    const get = tryEndpoint(withConstants("{ query: { alt: json } }", "", "GET /search"));
    expect(get.plan({}).url).toBe("https://api.acme.test/v1/search?alt=json");
  });

  test("constants of a form stand before its params", () => {
    const { plan } = tryEndpoint(`body: form\n${withConstants("{ body: { a: [1, 2], b: x & y } }")}`);
    expect(plan({ title: "=" }).body).toBe("a=1&a=2&b=x%20%26%20y&title=%3D");
  });

  test("constants are the same for each call, whatever was done with an earlier one", () => {
    const { plan } = tryEndpoint(withConstants("{ headers: { prefer: a }, body: { archived: false } }"));
    plan({}).headers.prefer = "changed";
    expect(plan({}).headers.prefer).toBe("a");
  });

  test("a value cannot change a constant", () => {
    const { plan } = tryEndpoint(withConstants("{ body: { archived: false }, query: { v: 2 } }"));
    expect(plan({ title: '","archived":true,"x":"' }).body).toBe(
      '{"archived":false,"title":"\\",\\"archived\\":true,\\"x\\":\\""}',
    );
    expect(paramIssues(plan, { archived: true })).toEqual(["params.archived is unknown."]);
    expect(paramIssues(plan, JSON.parse('{"__proto__":{"archived":true}}'))).toEqual([
      "params.__proto__ is unknown.",
    ]);
  });

  test("constants are part of what the example sends", () => {
    const constants = "{ body: { archived: false }, query: { v: 2 }, headers: { prefer: a } }";
    const sends = 'json: { archived: false }, query: { v: "2" }, headers: { prefer: a }';
    expect(endpointProblems(withConstants(constants, sends))).toEqual([]);
    expect(endpointProblems(withConstants(constants, "json: {}"))).toEqual([
      '12: example.sends.json: the params make it {"archived":false}',
      '12: example.sends.query: the params make it {"v":"2"}',
      '12: example.sends.headers: the params make it {"prefer":"a"}',
    ]);
  });
});

describe("constants that cannot be sent", () => {
  test.each<[string, string[]]>([
    ["{}", ["4: constants: must NOT have fewer than 1 properties"]],
    ["{ boddy: { a: 1 } }", ["4: constants.boddy: is unknown. Did you mean body?"]],
    ["{ body: [1] }", ["4: constants.body: must be an object, not an array"]],
    [
      "{ query: { a: { b: 1 } } }",
      ["4: constants.query.a: must be a string or a number or a boolean or an array"],
    ],
    ['{ query: { a: "x\\ny" } }', ["4: constants.query.a: must not have line breaks or other control"]],
    ["{ headers: { Prefer: a } }", ["4: constants.headers.Prefer: is not a valid name"]],
    ['{ headers: { prefer: "a\\r\\nb" } }', ["4: constants.headers.prefer: must match pattern"]],
    [
      "{ headers: { authorization: a } }",
      ["4: constants.headers.authorization: is a header that no file sets"],
    ],
    [
      "{ headers: { content-type: a } }",
      ["4: constants.headers.content-type: is a header that no file sets"],
    ],
    ["{ headers: { x-trace: a } }", ["8: params.trace: goes to the same place as constants"]],
    ["{ headers: { x-key: a } }", ["4: constants.headers.x-key: is where the credential goes"]],
    ["{ query: { key: a } }", ["4: constants.query.key: is where the credential goes"]],
    ["{ query: { page: 1 } }", ["7: params.page: goes to the same place as constants"]],
    ["{ body: { title: {} } }", ["6: params.title: goes to the same place as constants"]],
    ["{ body: { a: { __proto__: { b: 1 } } } }", ["4: constants.body.a.__proto__: is not a usable name"]],
    ["{ body: { a: .inf } }", ["4: constants.body.a: is too large"]],
    ['{ body: { a: "\\ud800" } }', ["4: constants.body.a: has half a character in it"]],
    ["{ body: &a { b: *a } }", ["nested too deeply"]],
  ])("the constants %s are refused", (constants, expected) => {
    const problems = endpointProblems(withConstants(constants)).filter((line) => !line.includes("example"));
    expect(problems).toEqual(expected.map((text) => expect.stringContaining(text)));
  });

  test("constants of a body are refused where there is none, and objects in a form", () => {
    expect(endpointProblems(withConstants("{ body: { a: 1 } }", "", "GET /search"))).toContain(
      "4: constants.body: a GET has no body",
    );
    const form = `body: form\n${withConstants("{ body: { a: { b: 1 } } }")}`;
    expect(endpointProblems(form)).toContain(
      "5: constants.body.a: must be text, a number, true or false, or a list of them",
    );
  });
});

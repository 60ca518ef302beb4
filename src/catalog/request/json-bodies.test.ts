import { describe, expect, test } from "vitest";
import { endpointProblems, paramIssues, tryEndpoint } from "#support/catalog-fixtures.js";

/** Front matter from `effect` on; `sends` is what the example sends without any params. */
const rest = (sends = "json: {}") => `effect: write
scopes: []
returns: It.
example: { params: {}, sends: { method: POST, url: /try, ${sends} } }
`;

describe("names that lead into objects", () => {
  const nested = (more = "") => `summary: Try
request: POST /try
${more}params:
  summary: { type: string, as: fields.summary, description: Summary }
  project: { type: string, as: fields.project.key, description: Project }
  labels: { type: array, items: { type: string }, as: fields.labels, description: Labels }
  notify: { type: boolean, description: Whether people are told }
`;

  test("params of one object are written into it, and an object without any is left out", () => {
    const { plan } = tryEndpoint(nested() + rest());
    const params = { summary: "A", project: "P", labels: [], notify: false };
    expect(plan(params).body).toBe(
      '{"fields":{"summary":"A","project":{"key":"P"},"labels":[]},"notify":false}',
    );
    expect(plan({ project: "P" }).body).toBe('{"fields":{"project":{"key":"P"}}}');
    expect(plan({ notify: true }).body).toBe('{"notify":true}');
    expect(plan({}).body).toBe("{}");
  });

  test("constants stand between them, and body_under around them", () => {
    const more =
      "constants: { body: { issue: { fields: { project: { id: 7 } }, a: 1 } } }\nbody_under: issue\n";
    const { plan } = tryEndpoint(nested(more) + rest());
    expect(plan({ project: "P" }).body).toBe('{"issue":{"fields":{"project":{"id":7,"key":"P"}},"a":1}}');
    expect(plan({}).body).toBe('{"issue":{"fields":{"project":{"id":7}},"a":1}}');
  });

  test("a form has the name as it is", () => {
    const { plan } = tryEndpoint(nested("body: form\n") + rest("form: {}"));
    expect(plan({ project: "P" }).body).toBe("fields.project.key=P");
  });

  test("issues of their values are told by the names of the params", () => {
    const { plan } = tryEndpoint(nested() + rest());
    expect(paramIssues(plan, { project: "\ud800", "fields.summary": "x", fields: {} })).toEqual([
      "params.fields.summary is unknown.",
      "params.fields is unknown.",
      "params.project has half a character in it (a lone surrogate)",
    ]);
  });

  test.each<[string, string, string]>([
    ["as: fields.labels", "as: fields.summary", "7: params.labels: goes to the same place as summary"],
    ["as: fields.labels", "as: fields", "7: params.labels: goes to the same place as summary"],
    ["as: fields.labels", "as: fields.summary.text", "7: params.labels: goes to the same place as summary"],
    [
      "notify: { type: boolean,",
      "notify: { type: boolean, as: fields,",
      "8: params.notify: goes to the same place as summary",
    ],
    ["as: fields.labels", "as: fields.__proto__.labels", "7: params.labels.as: is not a usable name"],
    ["as: fields.labels", "as: fields..labels", "7: params.labels.as: is not a usable name"],
    ["as: fields.labels", "as: .labels", "7: params.labels.as: is not a usable name"],
  ])("%s written as %s is refused", (from, to, expected) => {
    expect(endpointProblems(nested().replace(from, to) + rest())).toEqual([expected]);
  });
});

describe("a text that is encoded", () => {
  const encoded = (param: string, more = "") => `summary: Try
request: POST /try
${more}params:
  content: { ${param}, as: file.content, description: Text }
`;

  test.each([
    ["base64", "Z3LDvMOfZT8+Pw=="],
    ["base64url", "Z3LDvMOfZT8-Pw"],
  ])("a text is written in %s", (encode, content) => {
    const { plan } = tryEndpoint(encoded(`type: string, encode: ${encode}`) + rest());
    expect(plan({ content: "grüße?>?" }).body).toBe(JSON.stringify({ file: { content } }));
    expect(plan({ content: "" }).body).toBe('{"file":{"content":""}}');
    expect(plan({}).body).toBe("{}");
    expect(paramIssues(plan, { content: "\ud800" })).toEqual([
      "params.content has half a character in it (a lone surrogate)",
    ]);
  });

  test.each<[string, string]>([
    [encoded("type: string, encode: hex"), "params.content.encode: must be one of base64, base64url"],
    [encoded("type: [string, integer], encode: base64"), "params.content.type: only a string is encoded"],
    [
      encoded("type: string, in: query, encode: base64"),
      "params.content.encode: is for the fields of a JSON body",
    ],
    [
      encoded("type: string, encode: base64", "body: form\n"),
      "params.content.encode: is for the fields of a JSON",
    ],
    [
      encoded("type: string, encode: base64", "body_root: content\n"),
      "params.content.encode: is for the fields",
    ],
  ])("a param that cannot be encoded is a problem of the file: %s", (matter, expected) => {
    const problems = endpointProblems(matter + rest("")).filter((line) => !line.includes(": example"));
    expect(problems).toEqual([expect.stringContaining(expected)]);
  });
});

describe("a param that is the whole body", () => {
  const root = (
    more = "",
    param = "items: { type: array, items: { type: string }, description: All of it }",
  ) =>
    `summary: Try
request: POST /try
body_root: items
${more}params:
  ${param}
`;
  const another = "params:\n  other: { type: string, description: Another }\n";

  test("the value is sent as it is, and nothing without one", () => {
    const { plan } = tryEndpoint(root() + rest(""));
    expect(plan({ items: ["a", "b"] })).toMatchObject({
      headers: { "content-type": "application/json" },
      body: '["a","b"]',
    });
    expect(plan({ items: [] }).body).toBe("[]");
    expect(plan({}).body).toBeNull();
    expect(plan({}).headers["content-type"]).toBeUndefined();
    const free = tryEndpoint(root("", "items: { type: object, description: All of it }") + rest(""));
    const items = JSON.parse('{"a.b":1,"__proto__":{"c":2}}');
    expect(free.plan({ items }).body).toBe('{"a.b":1,"__proto__":{"c":2}}');
  });

  test("the example has it as its JSON", () => {
    const given = rest("json: [a]").replace("params: {}", "params: { items: [a] }");
    expect(endpointProblems(root() + given)).toEqual([]);
    expect(endpointProblems(root() + given.replace("[a] }", "[b] }"))).toEqual([
      '10: example.sends.json: the params make it ["b"]',
    ]);
  });

  test.each<[string, string, string]>([
    ["another param", root().replace("params:\n", another), "leaves no place in the body for other"],
    [
      "an unknown param",
      root().replace("body_root: items", "body_root: itms"),
      "is not in params. Did you mean items?",
    ],
    [
      "a param of the query",
      root().replace("items: { type", "items: { in: query, type"),
      "is no param of the body",
    ],
    ["a form", root("body: form\n"), "is for JSON"],
    ["a query", root('graphql: "query($items: [ID]) { a(b: $items) }"\n'), "is for JSON"],
    ["a wrapped body", root("body_under: a\n"), "leaves no place for body_under"],
    ["constants", root("constants: { body: { a: 1 } }\n"), "leaves no place for constants.body"],
  ])("%s beside it is refused", (_, matter, expected) => {
    const problems = endpointProblems(matter + rest("")).filter((line) => !line.includes(": example"));
    expect(problems).toEqual([`4: body_root: ${expected}`]);
  });
});

import { expect, test } from "vitest";
import { acme, endpointProblems, tryEndpoint } from "#support/catalog-fixtures.js";

const endpoint = (more: string) => `summary: Try
request: GET /try
effect: read
scopes: []
returns: It.
${more}
example:
  params: {}
  sends: { method: GET, url: /try }`;

const other = "acme/endpoints/items/other.md";
const another = (more: string) => ({ [other]: `---\n${endpoint(more)}\n---\nTry it.\n` });

test("names and ends are read, and absent ones are none", () => {
  const { endpoint: found } = tryEndpoint(
    endpoint("formerly: [attempt, test_it]\ndeprecated: { instead: list_items }"),
  );
  expect(found).toMatchObject({
    formerly: ["attempt", "test_it"],
    deprecated: { on: null, instead: "list_items", text: null },
  });
  expect(tryEndpoint(endpoint("")).endpoint).toMatchObject({ formerly: [], deprecated: null });
});

test.each<[string, Record<string, string>, string[]]>([
  ["formerly: [try_it]", {}, ["7: formerly.0: try_it is its name now"]],
  [
    "formerly: [list_items]",
    {},
    ["7: formerly.0: the name list_items is taken by acme/endpoints/items/list_items.md"],
  ],
  [
    "formerly: [attempt, test_it]",
    another("formerly: [attempt, test_it]"),
    [
      `7: formerly.0: the name attempt was that of ${other}, too`,
      `7: formerly.1: the name test_it was that of ${other}, too`,
    ],
  ],
  ["formerly: [attempt, attempt]", {}, ["7: formerly: must NOT have duplicate items"]],
  ["formerly: [request]", {}, ["7: formerly.0: the name request is reserved, so it was never this one's"]],
  ["formerly: []", {}, ["7: formerly: must NOT have fewer than 1 items"]],
  ["formerly: attempt", {}, ["7: formerly: must be an array, not a string"]],
  ["formerly: [../x]", {}, ['7: formerly.0: must match pattern "^[a-z][a-z0-9_]*$"']],
  [
    "deprecated: { instead: list_item }",
    {},
    ["7: deprecated.instead: there is no endpoint list_item in this integration. Did you mean list_items?"],
  ],
  [
    "deprecated: { instead: nothing }",
    {},
    [
      "7: deprecated.instead: there is no endpoint nothing in this integration. Write a sentence for anything else.",
    ],
  ],
  ["deprecated: { instead: try_it }", {}, ["7: deprecated.instead: is the endpoint itself"]],
  ["deprecated: { on: tomorrow }", {}, ["7: deprecated.on: "]],
  ["deprecated: true", {}, ["7: deprecated: must be an object, not a boolean"]],
  ["deprecated: { instead: Write a mail. }", {}, []],
  ["deprecated: { instead: attempt }", another("formerly: [attempt]"), []],
])("%s is held against the other names", (more, files, expected) => {
  const problems = endpointProblems(endpoint(more), files).filter((line) => !line.startsWith(other));
  expect(problems).toEqual(expected.map((line) => expect.stringContaining(line)));
});

test("all clashes of all endpoints are reported together", () => {
  const problems = endpointProblems(
    endpoint("formerly: [list_items, other]\ndeprecated: { instead: nowhere }"),
    {
      ...another("formerly: [try_it]"),
      "acme/endpoints/more/other.md": acme["acme/endpoints/items/list_items.md"]!,
    },
  );
  expect(problems.filter((line) => /name|nowhere/.test(line))).toHaveLength(5);
});

import { describe, expect, test } from "vitest";
import { endpointPage } from "#catalog/page.js";
import { endpointProblems, paramIssues, tryEndpoint } from "#support/catalog-fixtures.js";

interface Parts {
  query?: string;
  params?: string;
  effect?: string;
  request?: string;
  more?: string;
  sends?: string;
}

const mutation =
  "mutation($title: String!, $team: ID!, $labels: [ID!], $first: Int = 5) { issueCreate(input: { title: $title, teamId: $team, labelIds: $labels, first: $first }) { issue { id } } }";

/** The front matter begins in line 2, the params in line 8. */
const graphql = (parts: Parts = {}) => `summary: Create an issue
effect: ${parts.effect ?? "write"}
request: ${parts.request ?? "POST /graphql"}
graphql: |
  ${(parts.query ?? mutation).replaceAll("\n", "\n  ")}
params:
  title: { type: string, required: true, description: Title }
  team: { type: string, required: true, description: Team }
  label_ids: { type: array, items: { type: string }, as: labels, description: Labels }
${parts.params ?? ""}scopes: []
returns: The issue.
${parts.more ?? ""}example:
  params: { title: A, team: T }
  sends: { method: POST, url: /graphql, ${parts.sends ?? "variables: { title: A, team: T }"} }
`;

describe("an endpoint with a query", () => {
  test("the query is sent with the params of the body as variables", () => {
    const { plan, endpoint } = tryEndpoint(
      graphql({ params: "  trace: { type: string, in: query, description: Trace }\n" }),
    );
    const request = plan({ title: "A", team: "T", label_ids: ["x"], trace: "t" });
    expect(request).toMatchObject({
      method: "POST",
      url: "https://api.acme.test/v1/graphql?trace=t",
      headers: { "content-type": "application/json" },
    });
    expect(JSON.parse(String(request.body))).toEqual({
      query: mutation,
      variables: { title: "A", team: "T", labels: ["x"] },
    });
    expect(endpointPage(endpoint)).toContain("`POST /graphql`, GraphQL");
  });

  test("a value stays a value, whatever it looks like", () => {
    const { plan } = tryEndpoint(graphql());
    const title = '"}) { deleteEverything } #\n\\u0022';
    const body = JSON.parse(String(plan({ title, team: "T" }).body));
    expect(body).toEqual({ query: mutation, variables: { title, team: "T" } });
    expect(paramIssues(plan, { title: "A", team: "T", query: "{ me }", variables: {} })).toEqual([
      "params.query is unknown.",
      "params.variables is unknown.",
    ]);
  });

  test("constants may be variables, and stand beside the query", () => {
    const constants = "constants: { body: { variables: { first: 50 }, extensions: { a: 1 } } }\n";
    const { plan } = tryEndpoint(graphql({ more: constants }));
    expect(JSON.parse(String(plan({ title: "A", team: "T" }).body))).toEqual({
      query: mutation,
      variables: { first: 50, title: "A", team: "T" },
      extensions: { a: 1 },
    });
    const sends = "variables: { first: 50, title: A, team: T }, json: { extensions: { a: 1 } }";
    expect(endpointProblems(graphql({ more: constants, sends }))).toEqual([]);
  });

  test("an input object may be made of params that lie within it", () => {
    const query = "mutation($input: In!) { create(input: $input) { id } }";
    const nested = (required: string) =>
      graphql({ query, sends: "variables: { input: { title: A, teamId: T } }" })
        .replace("required: true, description: Title", `${required}as: input.title, description: Title`)
        .replace("required: true, description: Team", "as: input.teamId, description: Team")
        .replace("as: labels", "as: input.labels");
    expect(endpointProblems(nested("required: true, "))).toEqual([]);
    expect(endpointProblems(nested(""))).toEqual([
      "8: params.title: $input must have a value: say required: true",
    ]);
  });

  test("the example has the variables, which are compared", () => {
    expect(endpointProblems(graphql())).toEqual([]);
    expect(endpointProblems(graphql({ sends: "variables: { title: B, team: T }" }))).toEqual([
      '15: example.sends.variables: the params make it {"title":"A","team":"T"}',
    ]);
  });
});

describe("an endpoint whose query cannot be right", () => {
  const unused = "  size: { type: integer, description: Size }\n";
  test.each<[string, Parts, string[]]>([
    ["no GraphQL", { query: "mutation {" }, ["5: graphql: is no GraphQL in its line 2: Syntax Error"]],
    ["nested without end", { query: "{a".repeat(20_000) }, ["5: graphql: is no GraphQL"]],
    [
      "two operations",
      { query: "query A { a } query B { b }" },
      ["5: graphql: must have one operation, and beside it nothing but fragments"],
    ],
    ["a schema", { query: "type A { b: Int }" }, ["5: graphql: must have one operation"]],
    [
      "a subscription",
      { query: mutation.replace("mutation", "subscription") },
      ["5: graphql: is a subscription, which has no one answer"],
    ],
    ["a mutation as a read", { effect: "read" }, ["3: effect: a mutation is no read"]],
    ["another method", { request: "PUT /graphql" }, ["4: request: GraphQL is sent by POST"]],
    ["a form", { more: "body: form\n" }, ["13: body: is what graphql writes"]],
    ["a wrapped body", { more: "body_under: a\n" }, ["13: body_under: is what graphql writes"]],
    [
      "two queries",
      { more: "constants: { body: { query: a } }\n" },
      ["13: constants.body.query: is what graphql writes"],
    ],
    [
      "a variable that is not declared",
      { query: mutation.replace("labelIds: $labels", "labelIds: $lables") },
      [
        "5: graphql: $lables is not declared. Did you mean labels?",
        "5: graphql: $labels is declared but not used",
      ],
    ],
    ["a param that is no variable", { params: unused }, ["11: params.size: the query declares no $size."]],
    [
      "a variable without a param",
      { query: mutation.replace("$first: Int = 5", "$first: Int!") },
      ["5: graphql: no param gives $first, which must have a value"],
    ],
    [
      "a variable that may be left out",
      { query: mutation.replace("[ID!]", "[ID!]!") },
      ["10: params.label_ids: $labels must have a value: say required: true"],
    ],
  ])("%s: the problems are told", (_, parts, expected) => {
    const problems = endpointProblems(graphql(parts)).filter((line) => !line.includes(": example"));
    expect(problems).toEqual(expected.map((text) => expect.stringContaining(text)));
  });
});

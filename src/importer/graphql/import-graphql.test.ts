import { buildSchema } from "graphql/utilities/buildASTSchema.js";
import { introspectionFromSchema } from "graphql/utilities/introspectionFromSchema.js";
import { describe, expect, test } from "vitest";
import { imported } from "#support/imported.js";

const shop = `
"""A shop"""
schema { query: Query mutation: Mutation subscription: Subscription }
scalar DateTime
enum State { OPEN PAID LOST @deprecated(reason: "use PAID") }
interface Node { id: ID! }
type PageInfo { hasNextPage: Boolean! endCursor: String }
type Person implements Node { id: ID! name: String! email: String friends(first: Int): PersonConnection! boss: Person }
type PersonConnection { nodes: [Person!]! pageInfo: PageInfo! }
type Order implements Node {
  id: ID!
  title: String!
  state: State!
  at: DateTime
  lines: [Line!]!
  owner: Person!
  old: String @deprecated(reason: "gone")
  price(currency: String!): Float
}
type Line { id: ID! amount: Int! }
type OrderConnection { nodes: [Order!]! pageInfo: PageInfo! }
type OrderPayload { success: Boolean! order: Order }
union Hit = Order | Person
input OrderFilter { state: State and: [OrderFilter!] title: String }
input OrderInput { title: String! state: State = OPEN labels: [String!] filter: OrderFilter }
input OrderUpdate { title: String }
type Query {
  orders(first: Int, after: String, filter: OrderFilter): OrderConnection!
  order(id: ID!): Order
  search(text: String!): [Hit!]!
  version: String!
  legacy: String @deprecated(reason: "use version")
}
type Mutation {
  orderCreate(input: OrderInput!): OrderPayload!
  orderUpdate(id: ID!, input: OrderUpdate!): OrderPayload!
  orderDelete(id: ID!): OrderPayload!
  archiveOrder(id: ID!, mode: State! = OPEN): Order
}
type Subscription { orderChanged: Order }
`;
const baseUrl = "https://shop.example/api/graphql";
const from = (text: string, operations: string[] = []) => imported(text, { baseUrl, operations });

describe.each([
  ["in the language of GraphQL", shop],
  ["as the answer of an introspection", JSON.stringify({ data: introspectionFromSchema(buildSchema(shop)) })],
])("a schema %s", (_, text) => {
  test("fields of Query and Mutation are an endpoint each", () => {
    const { integration, endpoint, report } = from(text);
    const effects = [...integration.endpoints.values()].map(({ name, effect }) => `${name} ${effect}`);
    expect(effects.toSorted()).toEqual([
      "archive_order write",
      "create_order write",
      "delete_order destructive",
      "get_legacy read",
      "get_order read",
      "get_version read",
      "list_orders read",
      "search read",
      "update_order write",
    ]);
    expect(endpoint("get_legacy").deprecated).not.toBeNull();
    expect(report).toMatchObject({
      kind: "graphql",
      leftOut: [
        { what: "subscriptions, which have no one answer", count: 1 },
        { what: "schemas are cut: deeper within them, any value is taken" },
      ],
    });
  });

  test("a query selects what there is of a thing, and the names of those in it", () => {
    const { plan } = from(text);
    expect(plan("get_order", { id: "7" })).toMatchObject({ method: "POST", url: baseUrl });
    expect(JSON.parse(String(plan("get_order", { id: "7" }).body))).toEqual({
      query: "query($id: ID!) { order(id: $id) { id title state at owner { id name email } } }",
      variables: { id: "7" },
    });
  });

  test("a connection is a page that goes on", () => {
    const { endpoint, plan } = from(text);
    expect(endpoint("list_orders")).toMatchObject({
      items: "data.orders.nodes",
      page: { kind: "cursor", params: { after: "data.orders.pageInfo.endCursor" } },
    });
    const body = JSON.parse(String(plan("list_orders", { first: 2, filter: { state: "OPEN" } }).body));
    expect(body.query).toContain(
      "{ orders(first: $first, after: $after, filter: $filter) { nodes { id title",
    );
    expect(body.query).toContain("pageInfo { hasNextPage endCursor }");
    expect(body.variables).toEqual({ first: 2, filter: { state: "OPEN" } });
  });

  test("the fields of an input are params, and choices that will end are none", () => {
    const { endpoint, plan } = from(text);
    expect(endpoint("create_order").params).toMatchObject({
      required: ["title"],
      properties: { title: { type: "string" }, state: { enum: ["OPEN", "PAID"] }, labels: { type: "array" } },
    });
    const { query, variables } = JSON.parse(String(plan("create_order", { title: "Nuts" }).body));
    expect(query).toContain("mutation($input: OrderInput!) { orderCreate(input: $input) { success order {");
    expect(variables).toEqual({ input: { title: "Nuts" } });
    expect(endpoint("update_order").params.required).toEqual(["id", "input"]);
    expect(endpoint("archive_order").params.required).toEqual(["id"]);
  });

  test("a union is what each of its members is known by", () => {
    const { plan } = from(text);
    expect(String(plan("search", { text: "nuts" }).body)).toContain(
      "{ __typename ... on Order { id title state } ... on Person { id name email } }",
    );
  });
});

test("a choice makes only what it names, and names that do not exist are said", () => {
  expect(from(shop, ["order", "orderDelete"]).names).toEqual(["delete_order", "get_order"]);
  expect(() => from(shop, ["ordr"])).toThrow(
    "operations: there is no ordr in the schema. Did you mean order?",
  );
});

test("a schema of more than 200 fields needs a choice", () => {
  const fields = Array.from({ length: 201 }, (_, i) => `field${i}: String`).join("\n");
  const text = `type Query {\n${fields}\n}`;
  expect(() => from(text)).toThrow(/has 201 operations, and without a choice 200 can be imported/);
  expect(from(text, ["field7"]).names).toEqual(["get_field7"]);
});

test.each([undefined, "/graphql", "http://shop.example/graphql"])(
  "an address is needed, and %j is none",
  (address) => {
    expect(() => imported(shop, { baseUrl: address })).toThrow(
      "base_url: is needed: a GraphQL schema does not say",
    );
  },
);

test.each([
  ["type Query { order: Ordr }", 'Unknown type: "Ordr"'],
  ["type Query { order: ", "Syntax Error"],
  ["type Order { id: ID }", "has no query or mutation"],
  [`type Query { a: String }\n${"# x\n".repeat(9)}type Query { b: String }`, ""],
  ['{"__schema": {}}', "is no schema of GraphQL"],
  [`type Query { a: ${"[".repeat(50_000)}`, "is no schema of GraphQL"],
])("a schema that is none is refused, or read as far as it is one: %.40s", (text, why) => {
  if (why === "") expect(from(text).names).toHaveLength(1);
  else expect(() => from(text)).toThrow(why);
});

test("types within each other, and names of an adversary, do no harm", () => {
  const types = Array.from(
    { length: 30 },
    (_, i) =>
      `type T${i} { id: ID a: T${(i + 1) % 30} b: T${(i + 2) % 30} }\ninput I${i} { a: I${(i + 1) % 30} b: I${(i + 2) % 30} id: ID }`,
  ).join("\n");
  const text = `type Query { constructor(toString: I0, fields: String): T0 delete: T0 download: String }\n${types}`;
  const { names, files } = from(text);
  expect(names.toSorted()).toEqual(["get_constructor", "get_delete", "get_download"]);
  expect(Math.max(...files.map((file) => file.text.length))).toBeLessThan(20_000);
});

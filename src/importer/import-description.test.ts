import { describe, expect, test } from "vitest";
import { importDescription } from "#importer/import-description.js";
import { described, imported, one } from "#support/imported.js";

const query = (name: string, schema: object, more: object = {}) => ({ name, in: "query", schema, ...more });
const json = (schema: object) => ({ content: { "application/json": { schema } } });

test("an operation becomes an endpoint that plans its request", () => {
  const { plan, endpoint } = one({
    path: "/shops/{shop-id}/orders",
    method: "post",
    operationId: "orders/create",
    summary: "Create an order",
    tags: ["Orders"],
    parameters: [
      { name: "shop-id", in: "path", required: true, schema: { type: "string" } },
      query("notify", { type: "boolean" }),
      { name: "X-Trace", in: "header", schema: { type: "string" } },
    ],
    requestBody: json({
      type: "object",
      required: ["item"],
      properties: {
        item: { type: "string" },
        notify: { type: "string" },
        id: { type: "string", readOnly: true },
      },
    }),
  });
  expect(
    plan("create_order", { shop_id: "a/b", item: "Nut", notify: true, notify_in_body: "x", X_Trace: "t" }),
  ).toEqual({
    method: "POST",
    url: "https://shop.example/v1/shops/a%2Fb/orders?notify=true",
    headers: expect.objectContaining({ "content-type": "application/json", "x-trace": "t" }),
    body: '{"item":"Nut","notify":"x"}',
  });
  expect(endpoint("create_order")).toMatchObject({
    resource: "orders",
    effect: "write",
    target: "{shop_id}",
  });
});

test("the report says what there is", () => {
  const info = { title: "Shop <b>API</b>", version: "2.1" };
  const { report } = imported(described([{}], { info }));
  expect(report).toEqual({
    kind: "openapi",
    title: "Shop API",
    version: "2.1",
    endpoints: 1,
    leftOut: [],
    notes: ["The description does not say how to sign in: nothing is asked for, and no credential is sent."],
  });
});

test("tags and operations that do not exist are said all at once", () => {
  const text = described([{ operationId: "listPets", tags: ["pets"] }], { servers: [] });
  expect(() => imported(text, { tags: ["pet"], operations: ["listPets", "listPet"] })).toThrow(
    expect.objectContaining({
      issues: [
        { at: "tags", message: "there is no pet in the description. Did you mean pets?" },
        { at: "operations", message: "there is no listPet in the description. Did you mean listPets?" },
        expect.objectContaining({ at: "base_url" }),
      ],
    }),
  );
});

describe("a text that describes no API is refused", () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${[..."bcdefgh"]
    .map((it, i) => `${it}: &${it} [${Array(10).fill(`*${"abcdefg"[i]}`).join(",")}]`)
    .join("\n")}`;
  test.each([
    ["nothing", "", "is no object"],
    ["a list", "[]", "is no object"],
    ["half an object", "{", "is neither JSON nor YAML"],
    ["half a list", "a: [", "is neither JSON nor YAML"],
    ["another object", '{"a":1}', "is neither OpenAPI 3, nor Swagger 2, nor a Google discovery document"],
    ["an object without paths", '{"openapi":"3.0.0"}', "has no paths"],
    [
      "lists within lists",
      `{"openapi":"3.0.0","paths":${"[".repeat(2_000)}${"]".repeat(2_000)}}`,
      "is nested too deeply",
    ],
    [
      "lists within lists in YAML",
      `a: ${"[".repeat(20_000)}`,
      "is neither JSON nor YAML: Maximum call stack",
    ],
    ["aliases of aliases", bomb, "unfolds into too much"],
    ["an alias of what it stands in", "openapi: 3.0.0\npaths: &a\n  /x: *a\n", "unfolds into too much"],
    ["YAML that takes long", `a: ${"x\n ".repeat(3_000_000)}`, "as YAML larger than 8 MiB: give it as JSON"],
    ["too much", " ".repeat(34_000_000), "is larger than 32 MiB"],
    [
      "operations that are no objects",
      '{"openapi":"3.0.0","paths":{"/a":7,"/b":{"get":[]}}}',
      "has no operations",
    ],
  ])("the reason says why it is none: %s", (_, text, why) => {
    expect(() => importDescription({ text }, { slug: "shop", baseUrl: "https://shop.example" })).toThrow(why);
  });
});

test("references that lead to nothing are named and take any value", () => {
  const { report, plan } = one({
    parameters: [query("p", { $ref: "#/components/schemas/None" }), { $ref: "#/components/parameters/none" }],
  });
  expect(report.leftOut).toEqual([
    {
      what: "references that lead to nothing: any value is taken there",
      count: 2,
      examples: ["#/components/parameters/none", "#/components/schemas/None"],
    },
  ]);
  expect(plan("list_things", { p: "x" }).url).toContain("?p=x");
});

test.each(["/a/../b", "/a//b", "a", "/a b"])(
  "an operation with the path %j is left out, and named",
  (path) => {
    const { report, names } = imported(described([{ path }, { path: "/things" }]));
    expect(names).toEqual(["list_things"]);
    expect(report.leftOut).toEqual([expect.objectContaining({ count: 1, examples: [`GET ${path}`] })]);
  },
);

test("tags that would lead out of the folder do not", () => {
  const { files } = importDescription({ text: described([{ tags: ["../../../etc"] }]) }, { slug: "shop" });
  expect(files.filter(({ path }) => path.includes(".."))).toEqual([]);
});

import { expect, test } from "vitest";
import type { DocumentsNeeded } from "#importer/read/documents.js";
import { described, imported } from "#support/imported.js";

const param = (reference: string) => ({ name: "p", in: "query", schema: { $ref: reference } });
const text = (...references: string[]) =>
  described(references.map((reference, i) => ({ path: `/things${i}`, parameters: [param(reference)] })));

/** Addresses that an import says it needs. */
function needs(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    return (error as DocumentsNeeded).needs;
  }
  return [];
}

test("documents that are missing are all named at once, by their addresses", () => {
  const references = [
    "common.json#/A",
    "./schemas/b.yaml",
    "https://elsewhere.example/c.json#/C",
    "#/components/schemas/D",
  ];
  expect(needs(() => imported(text(...references)))).toEqual([
    "common.json",
    "schemas/b.yaml",
    "https://elsewhere.example/c.json",
  ]);
  expect(
    needs(() =>
      imported({ text: text(...references), fetchedFrom: "https://shop.example/api/openapi.json" }),
    ),
  ).toEqual([
    "https://shop.example/api/common.json",
    "https://shop.example/api/schemas/b.yaml",
    "https://elsewhere.example/c.json",
  ]);
  expect(() => imported(text(...references))).toThrow(
    "documents.common.json: is needed: the description refers to it (and 2 more)",
  );
});

test("references are those of the document that they stand in", () => {
  const documents = {
    "schemas/order.yaml":
      "Order:\n  type: object\n  properties:\n    state: { $ref: '#/State' }\n    owner: { $ref: ../people.json#/Person }\nState: { type: string, enum: [open, paid] }\n",
    "people.json": '{"Person":{"type":"object","properties":{"name":{"type":"string"}}}}',
  };
  const requestBody = { content: { "application/json": { schema: { $ref: "schemas/order.yaml#/Order" } } } };
  const whole = described([{ method: "post", requestBody }]);
  expect(
    needs(() =>
      imported({ text: whole, documents: { "schemas/order.yaml": documents["schemas/order.yaml"] } }),
    ),
  ).toEqual(["people.json"]);
  const { endpoint } = imported({ text: whole, documents });
  expect(endpoint("create_thing").params.properties).toMatchObject({
    state: { enum: ["open", "paid"] },
    owner: { properties: { name: { type: "string" } } },
  });
});

test("paths of another document are paths of the description", () => {
  const whole = JSON.stringify({
    swagger: "2.0",
    host: "shop.example",
    schemes: ["https"],
    info: { title: "Shop" },
    paths: { "/orders": { $ref: "orders.yaml" } },
  });
  const orders =
    "get:\n  operationId: listOrders\n  parameters: [{ name: state, in: query, type: string }]\n  responses: {}\n";
  const { names, plan } = imported({ text: whole, documents: { "orders.yaml": orders } });
  expect(names).toEqual(["list_orders"]);
  expect(plan("list_orders", { state: "open" }).url).toBe("https://shop.example/orders?state=open");
});

test.each([
  "../secret.json#/A",
  "/../../etc/passwd",
  "file:///etc/passwd",
  "ftp://shop.example/a.json",
  "a\0b.json",
  "//#/a",
])("the reference %j leads nowhere, and is not asked for", (reference) => {
  const { report } = imported(text(reference));
  expect(report.leftOut).toEqual([expect.objectContaining({ count: 1 })]);
});

test("documents that nothing refers to are not read", () => {
  expect(imported({ text: described([{}]), documents: { "a.json": "{" } }).names).toEqual(["list_things"]);
});

test("a document that is no JSON or YAML is refused, and so are too many", () => {
  expect(() => imported({ text: text("a.json#/A"), documents: { "a.json": "{" } })).toThrow(
    "documents.a.json: is neither JSON nor YAML",
  );
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`${i}.json`, "{}"]));
  expect(() => imported({ text: described([{}]), documents: many })).toThrow(
    "documents: are 51, and may be 50",
  );
});

test("references in a circle, and to each other, end", () => {
  const documents = { "a.json": '{"A":{"$ref":"b.json#/B"}}', "b.json": '{"B":{"$ref":"a.json#/A"}}' };
  const { report } = imported({ text: text("a.json#/A"), documents });
  expect(report.leftOut).toEqual([expect.objectContaining({ count: 1 })]);
});

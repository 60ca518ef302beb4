import { expect, test } from "vitest";
import { one } from "#support/imported.js";

/** The schema of a param in the query that has this one, and what was left out of it. */
function carried(schema: object, more: object = {}) {
  const { endpoint, report } = one({ parameters: [{ name: "p", in: "query", schema, ...more }] });
  const { description: _, ...rest } = endpoint("list_things").params.properties.p!;
  return { schema: rest, leftOut: report.leftOut.map(({ what }) => what) };
}

const noPattern = "patterns that RE2 does not take: any text is taken";
const noExample = "patterns that no example is known for: any text is taken";

test.each([
  [{ type: "string", pattern: "^[a-z]+$" }, { type: "string", pattern: "^[a-z]+$" }, []],
  [
    { type: "string", pattern: "^(a+)+$", example: "aa" },
    { type: "string", pattern: "^(a+)+$", examples: ["aa"] },
    [],
  ],
  [{ type: "string", pattern: "^(?!a)b" }, { type: "string" }, [noPattern]],
  [{ type: "string", pattern: "(a)\\1" }, { type: "string" }, [noPattern]],
  [{ type: "string", pattern: "(" }, { type: "string" }, [noPattern]],
  [{ type: "string", pattern: "^zq{7}x$" }, { type: "string" }, [noExample]],
  [
    { type: "string", pattern: "^zq{2}x$", example: "zqqx" },
    { type: "string", pattern: "^zq{2}x$", examples: ["zqqx"] },
    [],
  ],
])(
  "a pattern is carried where it can be used, and where an example fits it: %j",
  (given, schema, leftOut) => {
    expect(carried(given)).toEqual({ schema, leftOut });
  },
);

test.each([
  [
    { type: "integer", default: 7, minimum: 1 },
    { type: "integer", default: 7, minimum: 1 },
  ],
  [
    { type: "integer", default: 0, minimum: 1 },
    { type: "integer", minimum: 1 },
  ],
  [{ type: "string", default: 7 }, { type: "string" }],
  [
    { type: "string", example: "ada" },
    { type: "string", examples: ["ada"] },
  ],
  [
    { type: "string", enum: ["a", "b"], example: "b" },
    { type: "string", enum: ["a", "b"] },
  ],
  [{ type: "string", enum: ["a", 7] }, { type: "string" }],
  [{ type: "string", nullable: true }, { type: "string" }],
  [{ type: "integer", minimum: 5, maximum: 1 }, { type: "integer" }],
  [{ type: "string", minLength: 5_000 }, { type: "string" }],
  [{ type: "string", format: "date-time", maxLength: 3 }, { type: "string" }],
  [{ type: "string", format: "vendor" }, { type: "string" }],
  [{ oneOf: [{ type: "string" }, { type: "integer" }] }, { type: ["string", "integer"] }],
  [{ allOf: [{ type: "string" }, { maxLength: 9 }] }, { type: "string", maxLength: 9 }],
])("a schema is carried as far as it is one: %j", (given, schema) => {
  expect(carried(given).schema).toEqual(schema);
});

test("more than 200 choices are no help, and any value is taken", () => {
  const given = { type: "string", enum: Array.from({ length: 201 }, (_, i) => `v${i}`) };
  expect(carried(given)).toEqual({
    schema: { type: "string" },
    leftOut: ["choices of more than 200 values: any value is taken"],
  });
});

test("a required object of a body has its required fields, too", () => {
  const address = {
    type: "object",
    required: ["city"],
    properties: { city: { type: "string" }, street: { type: "string" } },
  };
  const schema = { type: "object", required: ["address"], properties: { address, note: { type: "string" } } };
  const requestBody = { content: { "application/json": { schema } } };
  const { endpoint, plan } = one({ method: "post", requestBody });
  expect(endpoint("create_thing").params).toMatchObject({
    required: ["address"],
    properties: { address: { required: ["city"] } },
  });
  expect(() => plan("create_thing", { address: {} })).toThrow("params.address.city: is required");
});

test.each([
  "__proto__",
  "constructor",
  "toString",
  "../x",
  "x".repeat(10_000),
  "a\u202eb",
  "a\u0000b",
  "hidden\u200b",
  "required",
  "properties",
  "$ref",
])("a field of the name %.20j does no harm", (name) => {
  const properties = JSON.parse(`{${JSON.stringify(name)}: {"type": "string"}, "plain": {"type": "string"}}`);
  const schema = {
    type: "object",
    required: [name],
    properties: { deep: { type: "object", properties }, ...properties },
  };
  const content = { "application/json": { schema } };
  const parameters = ["query", "header"].map((place) => ({ name, in: place, schema: { type: "string" } }));
  const { endpoint, plan } = one({ method: "post", parameters, requestBody: { content } });
  const names = Object.keys(endpoint("create_thing").params.properties);
  expect(names.filter((it) => !/^[A-Za-z]\w{0,80}$/.test(it))).toEqual([]);
  expect(names.includes("plain") || names.includes("body")).toBe(true);
  expect(() => plan("create_thing", { unknown: 1 })).toThrow(/^params\./);
});

test("texts of a description come without markup, control characters and turned text", () => {
  const description =
    "<b>Delete</b> \u202eall\u202c [orders](https://shop.example)\u0007.\n\n<script>alert(1)</script>Now.";
  const { endpoint } = one({
    summary: description,
    description,
    parameters: [{ name: "p", in: "query", description }],
  });
  const { summary, notes, params } = endpoint("list_things");
  expect(summary).toBe("Delete all orders. Now.");
  expect(params.properties.p!.description).toBe("Delete all orders. Now.");
  expect(notes).not.toMatch(/[<\p{Cf}]|\p{Cc}(?<!\n)/u);
});

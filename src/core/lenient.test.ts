import { describe, expect, test } from "vitest";
import { meant } from "#core/lenient.js";

const schema = {
  type: "object",
  required: ["title"],
  additionalProperties: false,
  properties: {
    title: { type: "string" },
    note: { type: "string" },
    short: { type: "string", minLength: 1 },
    code: { type: "string", pattern: "^\\d+$" },
    state: { type: "string", enum: ["open", "closed"] },
    size: { enum: ["s", "m"] },
    blank: { type: "string", enum: ["", "x"] },
    day: { type: "string", format: "date" },
    count: { type: "integer" },
    ratio: { type: "number" },
    on: { type: "boolean" },
    labels: { type: "array", items: { type: "string" } },
    ids: { type: "array", items: { type: "integer" } },
    milestone: { type: ["integer", "null"] },
    either: { anyOf: [{ type: "integer" }, { type: "boolean" }] },
    textOrNumber: { type: ["string", "integer"] },
    any: {},
    maybe: { anyOf: [{ type: "object", properties: { a: { type: "integer" } } }, { type: "null" }] },
    inner: {
      type: "object",
      required: ["must"],
      properties: { must: { type: "string" }, may: { type: "integer" } },
    },
    rows: { type: "array", items: { type: "object", properties: { n: { type: "integer" } } } },
    open: { type: "object", additionalProperties: { type: "integer" } },
  },
};
const read = (more: object) => {
  const { title: _, ...rest } = meant(schema, { title: "t", ...more }) as Record<string, unknown>;
  return rest;
};

describe("null", () => {
  test.each(["note", "state", "count", "on", "labels", "inner", "either", "textOrNumber"])(
    "null counts as left out in %s, which does not take it",
    (name) => expect(read({ [name]: null })).toEqual({}),
  );
  test.each(["milestone", "any", "maybe"])("null means something in %s", (name) =>
    expect(read({ [name]: null })).toEqual({ [name]: null }),
  );
  test("null is not left out where the field is required, nor where nobody knows the field", () => {
    expect(meant(schema, { title: null, what: null })).toEqual({ title: null, what: null });
  });
  test("null is left out at any depth, but for required fields and items of lists", () => {
    expect(read({ inner: { must: "x", may: null }, rows: [{ n: null }], open: { a: null } })).toEqual({
      inner: { must: "x" },
      rows: [{}],
      open: {},
    });
    expect(read({ inner: { must: null } })).toEqual({ inner: { must: null } });
    expect(read({ ids: [1, null] })).toEqual({ ids: [1, null] });
  });
});

describe("an empty text", () => {
  test.each("state size day count ratio on labels milestone inner either short code rows".split(" "))(
    "an empty text counts as left out in %s, which cannot be empty",
    (name) => expect(read({ [name]: "" })).toEqual({}),
  );
  test.each(["note", "blank", "textOrNumber", "any"])("an empty text is a value of %s", (name) =>
    expect(read({ [name]: "" })).toEqual({ [name]: "" }),
  );
});

describe("JSON text", () => {
  test.each([
    ["count", "3", 3],
    ["count", " 3 ", 3],
    ["ratio", "0.5", 0.5],
    ["on", "true", true],
    ["labels", '["bug"]', ["bug"]],
    ["ids", '["1",2]', [1, 2]],
    ["milestone", "null", null],
    ["milestone", "7", 7],
    ["either", "false", false],
    ["inner", '{"must":"x","may":"2"}', { must: "x", may: 2 }],
    ["maybe", '{"a":"1"}', { a: 1 }],
    ["rows", '[{"n":"1"}]', [{ n: 1 }]],
  ])("JSON text is read in %s: %s", (name, text, value) =>
    expect(read({ [name]: text })).toEqual({ [name]: value }),
  );

  test.each([
    ["note", "3"],
    ["textOrNumber", "3"],
    ["any", "[1]"],
    ["state", '"open"'],
    ["count", "3.5"],
    ["count", "three"],
    ["count", "true"],
    ["on", "yes"],
    ["labels", "bug"],
    ["labels", '{"a":1}'],
    ["inner", '{"must":"x","must":"y"}'],
    ["inner", '{"__proto__":{"x":1}}'],
    ["inner", `${'{"a":'.repeat(100)}1${"}".repeat(100)}`],
    ["rows", "[".repeat(200_000)],
  ])("JSON text stays text in %s: %.30s", (name, text) =>
    expect(read({ [name]: text })).toEqual({ [name]: text }),
  );

  test("null in JSON text counts as null", () => expect(read({ count: "null" })).toEqual({}));
});

test("a value that is no object stays as it is, and JSON text of one is read", () => {
  for (const value of [null, 3, "x", [], undefined]) expect(meant(schema, value)).toEqual(value);
  expect(meant(schema, '{"title":"x"}')).toEqual({ title: "x" });
});

test("the names that every object has are fields like any other", () => {
  const value = JSON.parse('{"title":"t","__proto__":null,"constructor":null}');
  expect(Object.keys(meant(schema, value) as object)).toEqual(["title", "__proto__", "constructor"]);
});

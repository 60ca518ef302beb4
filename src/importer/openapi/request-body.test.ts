import { describe, expect, test } from "vitest";
import { one } from "#support/imported.js";

const json = (schema: object) => ({ content: { "application/json": { schema } } });

describe("bodies", () => {
  const sent = (requestBody: object, params: object, components: object = {}) => {
    const { plan, names } = one({ method: "post", operationId: "createThing", requestBody }, { components });
    const { body, headers } = plan(names[0]!, params);
    return [headers["content-type"], body === null ? null : String(body)];
  };

  test("a form has brackets for what is nested", () => {
    const schema = {
      type: "object",
      properties: { a: { type: "object", properties: { b: { type: "integer" } } } },
    };
    expect(sent({ content: { "application/x-www-form-urlencoded": { schema } } }, { a: { b: 1 } })).toEqual([
      "application/x-www-form-urlencoded",
      "a%5Bb%5D=1",
    ]);
  });

  test("a list, and an object of any fields, are one param", () => {
    expect(sent(json({ type: "array", items: { type: "string" } }), { body: ["a"] })[1]).toBe('["a"]');
    expect(sent(json({ type: "object", additionalProperties: true }), { body: { a: 1 } })[1]).toBe('{"a":1}');
  });

  test("a field with a dot in its name stays one field", () => {
    const schema = { type: "object", properties: { "a.b": { type: "string" } } };
    expect(sent(json(schema), { body: { "a.b": "x" } })[1]).toBe('{"a.b":"x"}');
  });

  test("parts of a multipart body may be files and objects", () => {
    const schema = {
      type: "object",
      properties: {
        file: { type: "string", format: "binary" },
        meta: { type: "object", properties: { a: {} } },
      },
    };
    const [type, body] = sent(
      { content: { "multipart/form-data": { schema } } },
      { file: "aGk=", meta: { a: 1 } },
    );
    expect(type).toMatch(/^multipart\/form-data; boundary=/);
    expect(body).toContain("\r\n\r\nhi\r\n");
    expect(body).toContain('Content-Type: application/json\r\n\r\n{"a":1}');
  });

  test("bytes are a raw body", () => {
    expect(sent({ content: { "image/*": { schema: {} } } }, { body: "aGk=" })).toEqual([
      "application/octet-stream",
      "hi",
    ]);
    expect(sent({ content: { "text/plain": { schema: {} } } }, { body: "hi" })).toEqual(["text/plain", "hi"]);
  });

  test("a schema that contains itself is cut, and takes any value there", () => {
    const schema = { $ref: "#/components/schemas/Node" };
    const node = { type: "object", properties: { child: schema, name: { type: "string" } } };
    const deep = { name: "a", child: { name: "b", child: { child: 1 } } };
    expect(sent(json(schema), deep, { schemas: { Node: node } })[1]).toBe(
      JSON.stringify({ child: deep.child, name: "a" }),
    );
  });

  test("a schema that unfolds into millions is cut as well", () => {
    const schemas = Object.fromEntries(
      Array.from({ length: 25 }, (_, i) => [
        `S${i}`,
        {
          type: "object",
          properties: Object.fromEntries(
            "abcdefgh".split("").map((key) => [key, { $ref: `#/components/schemas/S${i + 1}` }]),
          ),
        },
      ]),
    );
    expect(sent(json({ $ref: "#/components/schemas/S0" }), { a: {} }, { schemas })[1]).toBe('{"a":{}}');
  });
});

import { describe, expect, test } from "vitest";
import { imported, one } from "#support/imported.js";

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
      required: ["file"],
      properties: {
        file: { type: "string", format: "binary" },
        pages: { type: "array", items: { type: "string", format: "binary" } },
        meta: { type: "object", properties: { a: {} } },
      },
    };
    const encoding = { file: { contentType: "image/png, image/jpeg" } };
    const requestBody = { content: { "multipart/form-data": { schema, encoding } } };
    const { endpoint } = one({ method: "post", operationId: "createThing", requestBody });
    expect(endpoint("create_thing")).toMatchObject({
      body: "multipart",
      params: {
        properties: {
          file: { type: "string", format: "file" },
          pages: { type: "array", items: { type: "string", format: "file" } },
        },
      },
      placements: {
        file: { file: { accept: ["image/png", "image/jpeg"] } },
        meta: { part: { encoding: "json" } },
      },
      example: { params: { file: "file_example" } },
    });
  });

  test("a file of Swagger 2 is a file as well", () => {
    const file = { name: "file", in: "formData", type: "file", required: true };
    const description = {
      swagger: 2.0,
      info: { title: "Shop" },
      host: "shop.example",
      schemes: ["https"],
      paths: { "/files": { post: { consumes: ["multipart/form-data"], parameters: [file], responses: {} } } },
    };
    const { endpoint, report } = imported(JSON.stringify(description));
    expect(report.kind).toBe("swagger");
    expect(endpoint("create_file").params.properties.file).toMatchObject({ type: "string", format: "file" });
  });

  test.each([
    ["image/*", {}, { accept: ["image/*"] }, null],
    ["application/pdf", {}, { accept: ["application/pdf"] }, "application/pdf"],
    ["application/octet-stream", {}, { accept: [] }, "application/octet-stream"],
  ])("bytes of the kind %s are a file that is the body", (type, schema, file, mediaType) => {
    const { endpoint } = one({
      method: "post",
      requestBody: { required: true, content: { [type]: { schema } } },
    });
    expect(endpoint("create_thing")).toMatchObject({
      body: "raw",
      placements: { body: { file, part: { mediaType } } },
    });
  });

  test("a text is a raw body", () => {
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

import { describe, expect, test } from "vitest";
import { described, imported, one } from "#support/imported.js";

const query = (name: string, schema: object, more: object = {}) => ({ name, in: "query", schema, ...more });

describe("params", () => {
  test.each<[string, object, object, unknown, string]>([
    ["a list", { type: "array", items: { type: "string" } }, {}, ["a", "b"], "p=a&p=b"],
    [
      "a list with commas",
      { type: "array", items: { type: "string" } },
      { explode: false },
      ["a", "b"],
      "p=a%2Cb",
    ],
    [
      "an object",
      { type: "object", properties: { a: { type: "string" } } },
      { style: "deepObject" },
      { a: "x" },
      "p%5Ba%5D=x",
    ],
    ["a number of two types", { anyOf: [{ type: "string" }, { type: "integer" }] }, {}, "7", "p=7"],
    ["a value of no type", {}, {}, "x", "p=x"],
  ])("%s is written into the query as the description has it", (_, schema, more, value, search) => {
    const { plan } = one({ parameters: [query("p", schema, more)] });
    expect(plan("list_things", { p: value }).url.split("?")[1]).toBe(search);
  });

  test("a param with the name of a flag, and one with signs, have other names with us", () => {
    const { plan } = one({
      parameters: [query("fields", { type: "string" }), query("filter[state]", { type: "string" })],
    });
    expect(plan("list_things", { fields_param: "a", filter_state: "b" }).url.split("?")[1]).toBe(
      "fields=a&filter%5Bstate%5D=b",
    );
  });

  test("a required value that there is no choice of is sent by itself", () => {
    const { plan } = one({ parameters: [query("v", { type: "string", enum: ["2"] }, { required: true })] });
    expect(plan("list_things", {}).url).toBe("https://shop.example/v1/things?v=2");
  });

  test("a path may have a query, and a part with many segments", () => {
    const { plan } = one({
      path: "/files/{+name}?alt=media",
      parameters: [{ name: "name", in: "path", required: true }],
    });
    expect(plan("get_file", { name: "a/b c" }).url).toBe("https://shop.example/v1/files/a/b%20c?alt=media");
  });

  test.each([
    [{ schema: { type: "string", enum: ["2026-01-01"] } }, "2026-01-01"],
    [{ schema: { type: "string", default: "2026-01-01" } }, "2026-01-01"],
    [{ schema: { type: "string" }, example: "2026-01-01" }, "2026-01-01"],
    [{ schema: { type: "string" } }, undefined],
    [{ schema: { type: "string", default: "\u00e4" } }, undefined],
  ])("a header of the API's version is one of the integration: %j", (more, value) => {
    const { integration, endpoint } = one({
      parameters: [{ name: "X-Shop-Version", in: "header", ...more }],
    });
    expect(integration.headers["x-shop-version"]).toBe(value);
    expect(Object.keys(endpoint("list_things").params.properties)).toEqual(
      value === undefined ? ["X_Shop_Version"] : [],
    );
  });

  test("a credential is none of the params", () => {
    const components = { securitySchemes: { key: { type: "apiKey", in: "query", name: "key" } } };
    const parameters = [
      query("key", { type: "string" }),
      query("access_token", { type: "string" }),
      query("q", {}),
    ];
    const { endpoint, report } = one({ parameters }, { components });
    expect(Object.keys(endpoint("list_things").params.properties)).toEqual(["q"]);
    expect(report.leftOut).toEqual([
      expect.objectContaining({ what: "params that are a credential: it comes from the connection" }),
    ]);
  });

  test("an operation that needs a cookie is left out, and one that may have one is not", () => {
    const cookie = (required: boolean) => [
      { name: "session", in: "cookie", required, schema: { type: "string" } },
    ];
    const text = described([
      { path: "/a", parameters: cookie(true) },
      { path: "/b", parameters: cookie(false) },
    ]);
    const { names, report } = imported(text);
    expect(names).toEqual(["get_b"]);
    expect(report.leftOut.map(({ what }) => what)).toEqual([
      "operations: a cookie is required that cannot be carried over",
      "params that cannot be carried over: cookie",
    ]);
  });

  test("an answer that is no JSON is asked for by its media type", () => {
    const { plan } = one({ responses: { 200: { description: "", content: { "text/csv": {} } } } });
    expect(plan("list_things", {}).headers.accept).toBe("text/csv");
  });
});

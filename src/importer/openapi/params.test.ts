import { describe, expect, test } from "vitest";
import { one } from "#support/imported.js";

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
});

import { describe, expect, test } from "vitest";
import { loadCatalog } from "#catalog/load/load.js";
import { SkillettError } from "#core/errors.js";
import { acme, withFiles } from "#support/catalog-fixtures.js";

const catalog = withFiles(acme, (dir) => loadCatalog({ dirs: [dir], baseUrls: {} }));
const plan = (name: string, params: unknown) => catalog.plan(catalog.endpoint("acme", name), params);
const file = { repo: "a/b", path: "x", content: "" };

function issues(name: string, params: unknown): string[] {
  try {
    plan(name, params);
  } catch (error) {
    if (!(error instanceof SkillettError) || error.code !== "bad_request") throw error;
    return error.issues!.map(({ at, message }) => `${at} ${message}`);
  }
  throw new Error("it was planned");
}

describe("a request", () => {
  test("a GET request has path, query and headers, and no body", () => {
    expect(
      plan("list_items", { q: "a&b=c", tags: ["x", "y z"], fields_wanted: ["id", "n"], trace: "t" }),
    ).toEqual({
      method: "GET",
      url: "https://api.acme.test/v1/orgs/me/items?query=a%26b%3Dc&tags=x&tags=y%20z&fields=id%2Cn",
      headers: { accept: "application/json", "x-trace": "t" },
      body: null,
    });
  });

  test("a request with a JSON body has its content type", () => {
    const request = plan("write_file", { ...file, meta: { a: [1, null, { b: "ü" }] }, size: 2 ** 53 - 1 });
    expect(request.headers).toEqual({ accept: "application/json", "content-type": "application/json" });
    expect(request.body).toBe('{"content":"","meta":{"a":[1,null,{"b":"ü"}]},"size":9007199254740991}');
  });

  test("a request may have a form as its body", () => {
    const request = plan("post_form", { text: "a=1&b", ids: [1, 2] });
    expect(request.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(request.body).toBe("text=a%3D1%26b&ids=1&ids=2");
  });

  test("a request fills in the defaults of path params alone", () => {
    expect(plan("list_items", {}).url).toBe("https://api.acme.test/v1/orgs/me/items");
    expect(plan("list_items", undefined).url).toBe("https://api.acme.test/v1/orgs/me/items");
  });

  test("a request is not changed by an earlier one", () => {
    plan("list_items", { trace: "first" }).headers.accept = "changed";
    expect(plan("list_items", {}).headers).toEqual({ accept: "application/json" });
  });
});

describe("path values", () => {
  const url = (params: object) => plan("write_file", { ...file, ...params }).url.split("/files/");

  test("path values are encoded segment by segment", () => {
    expect(url({ path: "a b/ü/%2e%2e/c\\..\\d/?#;@" })[1]).toBe(
      "a%20b/%C3%BC/%252e%252e/c%5C..%5Cd/%3F%23%3B%40",
    );
  });

  test("a path value of one segment keeps its slashes encoded", () => {
    expect(plan("delete_item", { item: "../../admin" }).url).toBe(
      "https://api.acme.test/v1/items/..%2F..%2Fadmin",
    );
  });

  test.each([
    ["..", "must not be . or .. or have such a part"],
    [".", "must not be . or .. or have such a part"],
    ["", "must not be empty"],
    ["a\0b", "must not have line breaks or other control characters"],
    ["a\r\nb", "must not have line breaks or other control characters"],
    ["a\u0085b", "must not have line breaks or other control characters"],
    ["a\ud800", "has half a character in it (a lone surrogate)"],
  ])("a path value of %j is refused", (item, message) => {
    expect(issues("delete_item", { item })).toEqual([`params.item ${message}`]);
  });

  test.each(["a/../b", "../a", "a/.", "/a", "a/", "a//b"])("a path of many parts may not be %j", (path) => {
    expect(issues("write_file", { ...file, path })).toHaveLength(1);
  });

  test.each(["a", "a/b/c", ""])("a path value of two segments is refused as %j", (repo) => {
    expect(issues("write_file", { ...file, repo })).toEqual(["params.repo must have 2 parts separated by /"]);
  });

  test.each(["a/..", "./b", "/b", "a/"])("a value of two segments may not have the parts of %j", (repo) => {
    expect(issues("write_file", { ...file, repo })).toHaveLength(1);
  });
});

describe("query and header values", () => {
  test("a query or header value may not have control characters or half characters", () => {
    const params = { q: "a\nb", tags: ["ok", "\ud83d"], trace: "a\r\nx-evil: 1" };
    expect(issues("list_items", params)).toEqual([
      "params.q must not have line breaks or other control characters",
      "params.tags.1 has half a character in it (a lone surrogate)",
      "params.trace must not have line breaks or other control characters",
    ]);
  });

  test("an item of a comma list may not have a comma", () => {
    expect(issues("list_items", { fields_wanted: ["a,b"] })).toEqual([
      "params.fields_wanted must not have a comma in an item",
    ]);
  });

  test("a header value must be ASCII", () => {
    expect(issues("list_items", { trace: "ü" })).toEqual([
      "params.trace must be ASCII: it goes into a header",
    ]);
  });

  test("an empty array leaves no trace in the query", () => {
    expect(plan("list_items", { tags: [], fields_wanted: [] }).url).not.toContain("?");
  });
});

describe("params", () => {
  test.each([[null], [[]], ["x"], [7], [true]])("params of %j are refused as no object", (params) => {
    expect(issues("list_items", params)).toEqual([expect.stringMatching(/^params must be an object, not /)]);
  });

  test("params have all their issues reported at once, with the nearest names and values", () => {
    const params = { repo: "a", path: "..", conten: "x", state: "finale", size: "big", author: { nam: 1 } };
    expect(issues("write_file", params).sort()).toEqual([
      "params.author.nam is unknown. Did you mean name?",
      "params.author.name is required",
      "params.conten is unknown. Did you mean content?",
      "params.content is required",
      "params.path must not be . or .. or have such a part",
      "params.repo must have 2 parts separated by /",
      "params.size must be an integer, not a string",
      "params.state must be one of draft, final. Did you mean final?",
    ]);
  });

  test("params are looked up among their own keys alone", () => {
    const params = JSON.parse('{"item":"a","__proto__":{"force":true},"constructor":1,"toString":2}');
    expect(issues("delete_item", params)).toEqual([
      "params.__proto__ is unknown.",
      "params.constructor is unknown.",
      "params.toString is unknown.",
    ]);
    expect(issues("delete_item", Object.create({ item: "a" }))).toEqual(["params.item is required"]);
  });

  test("params keep __proto__ as data inside free objects", () => {
    const meta = JSON.parse('{"__proto__":{"a":1}}');
    expect(plan("write_file", { ...file, meta }).body).toContain('{"__proto__":{"a":1}}');
  });

  test.each([
    [{ size: 2 ** 53 }, "params.size is too large to be exact"],
    [{ meta: { a: [-(2 ** 60)] } }, "params.meta.a.0 is too large to be exact"],
    [{ meta: { a: JSON.parse("1e999") } }, "params.meta.a is too large"],
    [{ content: "\udc00" }, "params.content has half a character in it (a lone surrogate)"],
    [{ meta: { "\ud800": 1 } }, "params.meta has a name with half a character in it (a lone surrogate)"],
  ])("params that would not arrive as meant are refused: %o", (params, issue) => {
    expect(issues("write_file", { ...file, ...params })).toEqual([issue]);
  });

  test("params that are nested very deeply are refused, not followed", () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`);
    const [issue, ...others] = issues("write_file", { ...file, meta: deep });
    expect(issue).toMatch(/is nested too deeply$/);
    expect(others).toEqual([]);
  });

  test("params with thousands of issues are answered with fifty of them", () => {
    expect(issues("list_items", { tags: Array(5000).fill(1) })).toHaveLength(50);
    expect(issues("write_file", { ...file, meta: { a: Array(5000).fill("\ud800") } })).toHaveLength(50);
  });
});

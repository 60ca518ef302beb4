import { describe, expect, test } from "vitest";
import type { Endpoint } from "#catalog/integration.js";
import { matchEndpoint } from "#catalog/raw/match.js";
import type { RawRequest } from "#catalog/raw/raw-request.js";

const based = {
  baseUrl: "https://{site}.example.com/v1",
  baseUrls: { all: "https://{site}.example.com", other: "https://other.example.com" },
};

interface Written {
  request: string;
  segments?: Record<string, number | "many">;
  base?: string;
  body?: object;
  query?: object;
  /** Of the body. */
  params?: string[];
}

function endpoints(written: Record<string, Written>): Endpoint[] {
  return Object.entries(written).map(([name, one]) => {
    const { request, segments = {}, base = null, body = {}, query = {}, params = [] } = one;
    const [method, path] = request.split(" ");
    const inPath = Object.entries(segments).map(([param, count]) => [param, { in: "path", segments: count }]);
    const inBody = params.map((param) => [param, { in: "body", name: param, encode: null }]);
    const facts = {
      name,
      method,
      path,
      base,
      composite: null,
      body: "json",
      bodyUnder: null,
      bodyRoot: null,
    };
    const placements = Object.fromEntries([...inPath, ...inBody]);
    return { ...facts, placements, constants: { body, query, headers: {} } } as unknown as Endpoint;
  });
}

function matched(all: Endpoint[], request: string, more: Partial<RawRequest> = {}): string | null {
  const [method, path = ""] = request.split(" ") as [RawRequest["method"], string];
  const { endpoint, isOpaque } = matchEndpoint(based, all, {
    ...{ method, path, base: null, query: {}, headers: {}, body: undefined },
    ...more,
  });
  return endpoint?.name ?? (isOpaque ? "opaque" : null);
}

describe("paths of endpoints", () => {
  const all = endpoints({
    list: { request: "GET /things" },
    get: { request: "GET /things/{id}" },
    mine: { request: "GET /things/mine" },
    repo: { request: "GET /repos/{repo}", segments: { repo: 2 } },
    branch: { request: "GET /repos/{repo}/branches/{branch}", segments: { repo: 2, branch: "many" } },
    content: { request: "GET /drive/root:/{path}:/content", segments: { path: "many" } },
    batch: { request: "GET /docs/{id}:batch" },
    entity: { request: "GET /Users('{id}')/$value" },
    any: { request: "GET /any/{path}", segments: { path: "many" } },
    two: { request: "GET /any/{a}/{b}" },
    far: { request: "GET /far/{id}", base: "other" },
    within: { request: "GET /v1/things/{id}/parts", base: "all" },
    hook: { request: "POST {url}", base: "other" },
    every: { request: "POST {url}" },
  });

  test.each<[string, string | null]>([
    ["GET /things", "list"],
    ["GET /things/", "list"],
    ["GET /things%2F", "list"],
    ["GET /things;x=1", "list"],
    ["GET /things?x=1", "list"],
    ["HEAD /things", "list"],
    ["POST /things", null],
    ["GET /things/7", "get"],
    ["GET /things/mine", "mine"],
    ["GET /things/MINE", "mine"],
    ["GET /things/m%69ne", "mine"],
    ["GET /things/a%2Fb", "get"],
    ["GET /things%2F7", "get"],
    ["GET /things/7/parts", "within"],
    ["GET /things/7/8", null],
    ["GET /thing", null],
    ["GET /things7", null],
    ["GET /repos/acme/app", "repo"],
    ["GET /repos/acme", null],
    ["GET /repos/acme/app/x", null],
    ["GET /repos/acme/app/branches/a/b/c", "branch"],
    ["GET /repos/acme/app/branches/", null],
    ["GET /drive/root:/a/b.txt:/content", "content"],
    ["GET /docs/7:batch", "batch"],
    ["GET /docs/7", null],
    ["GET /Users('7')/$value", "entity"],
    ["GET /any/a/b", "two"],
    ["GET /any/a/b/c", "any"],
    ["GET /far/7", null],
    ["GET /%ff", null],
    [`GET /things/${"a".repeat(5_000)}`, null],
  ])("the request %s is that of the endpoint %s", (request, expected) => {
    expect(matched(all, request)).toBe(expected);
  });

  test("another base URL is a part of the address", () => {
    expect(matched(all, "GET /far/7", { base: "other" })).toBe("far");
    expect(matched(all, "GET /v1/things/mine", { base: "all" })).toBe("mine");
    expect(matched(all, "POST /wherever/it/is", { base: "other" })).toBe("hook");
    expect(matched(all, "POST /wherever/it/is")).toBe(null);
    expect(matched(all, "GET /things", { base: "none" })).toBe(null);
    expect(matched(all, "GET /things", { base: "__proto__" })).toBe(null);
  });
});

test("constants tell endpoints of one path apart", () => {
  const all = endpoints({
    update: { request: "PATCH /x/{id}" },
    close: { request: "PATCH /x/{id}", body: { state: { name: "closed" } } },
    notify: { request: "PATCH /x/{id}", query: { notify: true }, body: { state: { name: "closed" } } },
    search: { request: "POST /search", query: { type: "issue", v: ["1", "2"] } },
    call: { request: "POST /rpc", body: { method: "get", tags: ["a"] } },
    form: { request: "POST /form", body: { kind: "a" } },
  });
  const closed = { state: { name: "closed", by: 1 }, title: "x" };
  expect(matched(all, "PATCH /x/1", { body: { title: "x" } })).toBe("update");
  expect(matched(all, "PATCH /x/1", { body: closed })).toBe("close");
  expect(matched(all, "PATCH /x/1?notify=true", { body: closed })).toBe("notify");
  expect(matched(all, "PATCH /x/1", { body: closed, query: { notify: true } })).toBe("notify");
  expect(matched(all, "POST /search?type=issue&v=1", { query: { v: 2 } })).toBe("search");
  // A service may take either of two values.
  expect(matched(all, "POST /search?type=issue&type=user&v=1&v=2")).toBe(null);
  expect(matched(all, "POST /rpc", { body: { method: "get", tags: ["a"] } })).toBe("call");
  for (const body of [
    { method: "delete", tags: ["a"] },
    { method: "get", tags: [] },
    [],
    "get",
    null,
    undefined,
  ]) {
    expect([body, matched(all, "POST /rpc", { body })]).toEqual([body, "opaque"]);
  }
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  expect(matched(all, "POST /form", { headers, body: "kind=a&b=1" })).toBe("form");
  expect(matched(all, "POST /form", { headers, body: "kind=a&kind=b" })).toBe("opaque");
  expect(matched(all, "POST /form", { body: "kind=a" })).toBe("opaque");
});

test("an endpoint whose params can say the request goes before one that says as much", () => {
  const all = endpoints({
    rename: { request: "PATCH /x/{id}", params: ["title"] },
    assign: { request: "PATCH /x/{id}", params: ["assignee", "team.name"] },
  });
  expect(matched(all, "PATCH /x/1", { body: { title: "a" } })).toBe("rename");
  expect(matched(all, "PATCH /x/1", { body: { assignee: "a", team: { name: "b" } } })).toBe("assign");
  expect(matched(all, "PATCH /x/1", { body: { assignee: "a", title: "b" } })).toBe("rename");
});

test("a request is compared with thousands of endpoints at once, whatever its path is made of", () => {
  const many = endpoints(
    Object.fromEntries(
      Array.from({ length: 5_000 }, (_, at) => [
        `e${at}`,
        { request: `GET /a/{x}/t${at}/{y}/u/{z}`, segments: { x: "many", y: "many" } },
      ]),
    ),
  );
  const path = `/a${Array.from({ length: 400 }, (_, at) => `/t${at}`).join("")}${"/u".repeat(900)}`;
  expect(matched(many, `GET ${path}`)).toMatch(/^e\d+$/);
});

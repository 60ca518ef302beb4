import { expect, test } from "vitest";
import type { Integration } from "#catalog/integration.js";
import { planRaw } from "#catalog/raw/plan-raw.js";
import type { RawRequest } from "#catalog/raw/raw-request.js";
import type { SkillettError } from "#core/errors.js";

const method = { fields: {}, grant: null, path: null, ends: null, baseUrl: null, basic: null };
const integration = {
  slug: "shelf",
  protocol: "http",
  baseUrl: "https://shelf.example.com/api",
  baseUrls: { media: "https://media.example.com" },
  headers: { accept: "application/json", "x-version": "2" },
  auth: {
    token: { ...method, headers: { "X-Key": "{token}" }, query: {} },
    key: { ...method, headers: {}, query: { Api_Key: "{key}" } },
  },
} as unknown as Integration;

const plan = (request: Partial<RawRequest>, of = integration) =>
  planRaw(of, {
    method: "GET",
    path: "/odd",
    base: null,
    query: {},
    headers: {},
    body: undefined,
    ...request,
  });

function issuesOf(request: Partial<RawRequest>, of = integration): string[] {
  try {
    plan(request, of);
    return [];
  } catch (error) {
    return ((error as SkillettError).issues ?? []).map(({ at, message }) => `${at}: ${message}`);
  }
}

test("a request has what its caller gives, and the headers of the integration where it gives none", () => {
  expect(
    plan({
      method: "POST",
      path: "/odd?a=1",
      query: { b: [1, "x y"] },
      body: {},
      headers: { Accept: "a/b" },
    }),
  ).toEqual({
    method: "POST",
    url: "https://shelf.example.com/api/odd?a=1&b=1&b=x%20y",
    headers: { accept: "a/b", "x-version": "2", "content-type": "application/json" },
    body: "{}",
    below: "https://shelf.example.com/api",
  });
  expect(plan({ base: "media" }).url).toBe("https://media.example.com/odd");
});

test.each([
  ...["Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Expect", "Host"],
  ...["Content-Length", "Authorization", "Proxy-Authorization", "Proxy-Connection", "Cookie", "Cookie2"],
  ...["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Real-IP"],
  ...["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-URL", "X-Rewrite-URL"],
  ...["Accept-Encoding", "Range", "If-Range", "HTTP2-Settings", "x-key", "X-VERSION"],
  ...["", " ", "a b", "a:b", "a\r\nb", "ü", "host ", ":path", "x-key\u0000", "a(b)"],
])("the header %j is not the caller's", (name) => {
  expect(issuesOf({ headers: { [name]: "x" } })).toHaveLength(1);
});

test.each([["a\r\nHost: evil"], ["a\nb"], ["a\u0000"], ["ü"], ["a\u007f"], ["x".repeat(5_000)]])(
  "the value %j is none of a header",
  (value) => {
    expect(issuesOf({ headers: { "x-mine": value } })).toHaveLength(1);
  },
);

test("headers are bounded in number and in length, and are there once", () => {
  const many = Object.fromEntries(Array.from({ length: 31 }, (_, at) => [`x-${at}`, "1"]));
  expect(issuesOf({ headers: many })).toEqual(["headers: must not be more than 30"]);
  const long = Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`x-${at}`, "1".repeat(4_000)]));
  expect(issuesOf({ headers: long })).toEqual(["headers: must not have more than 16384 characters"]);
  expect(issuesOf({ headers: { "X-A": "1", "x-a": "2" } })).toEqual(["headers.x-a: is there twice"]);
});

test.each([
  [{ query: { api_key: "x" } }],
  [{ query: { "API_KEY ": "x" } }],
  [{ path: "/odd?api_key=x" }],
  [{ path: "/odd?%61pi_key=x" }],
  [{ path: "/odd?a=1;api_key=x" }],
  [{ path: "/odd?api_key" }],
  [{ path: "/odd?_method=DELETE" }],
  [{ query: { "X-HTTP-Method-Override": "DELETE" } }],
])("%j takes the place of the credential, or makes it another request", (request) => {
  expect(issuesOf(request)).toHaveLength(1);
});

test.each<[object, string]>([
  [{ body: {} }, "body: must be left out: a GET has none"],
  [{ method: "HEAD", body: "x" }, "body: must be left out: a HEAD has none"],
  [{ method: "POST", body: "x" }, "body: is a text: say of which type, with the header content-type"],
  [
    { method: "POST", body: {}, headers: { "Content-Type": "text/csv; charset=utf-8" } },
    "body: must be a text, since its type is text/csv",
  ],
  [{ method: "POST", body: { a: [Number.POSITIVE_INFINITY] } }, "body.a.0: is too large"],
  [{ method: "POST", body: { a: "\ud800" } }, "body.a: has half a character in it (a lone surrogate)"],
  [{ query: { a: "\n" } }, "query.a: must not have line breaks or other control characters"],
  [
    {
      method: "POST",
      body: "a=1&_Method=DELETE",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    },
    "body: _Method would make it another request than the one that is checked",
  ],
  [{ query: { a: "x".repeat(16_400) } }, "query: must not have more than 16384 characters"],
  [{ query: { a: ["ok", 2 ** 60] } }, "query.a.1: is too large to be exact"],
  [{ base: "meda" }, "base: there is no further base URL meda. Did you mean media?"],
  [{ base: "__proto__" }, "base: there is no further base URL __proto__."],
])("%j is refused: %s", (request, issue) => {
  expect(issuesOf(request)).toEqual([issue]);
});

test("an MCP server takes no requests but calls of its tools", () => {
  expect(issuesOf({}, { ...integration, protocol: "mcp" })).toEqual([
    "path: has no meaning here: an MCP server takes calls of its tools alone",
  ]);
});

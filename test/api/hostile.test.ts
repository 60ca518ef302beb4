import { expect } from "vitest";
import { connectGithub, describeApi, type Scenario } from "./scenario.js";

/** Whatever is sent: one clear refusal, never a 5xx, nothing upstream, nothing written but the refusal. */

const create = "/v1/github/create_issue";
const post = { method: "POST", path: create };
const bug = { repo: "acme/webapp", title: "Bug report" };
const json = { "content-type": "application/json" };

const bodies: [name: string, body: string | Uint8Array, at: string, says: string][] = [
  ["empty", "", "body", "is empty"],
  ["spaces alone", "  \n", "body", "is empty"],
  [
    "cut off",
    '{"params": {"repo": "acme/',
    "body",
    "is not valid JSON: unexpected end of string (line 1, column 21)",
  ],
  ["two values", '{"params":{}} {}', "body", "is not valid JSON"],
  ["a comma too many", '{"params":{},}', "body", "is not valid JSON"],
  ["with a comment", '{"params":{} /* x */}', "body", "is not valid JSON"],
  ["in single quotes", "{'params':{}}", "body", "is not valid JSON"],
  ["NaN", '{"params":{"title":NaN}}', "body", "is not valid JSON"],
  [
    "a key twice",
    '{"params":{"repo":"a/b","repo":"c/d"}}',
    "params.repo",
    "stands twice (line 1, column 25)",
  ],
  [
    "a key twice, once escaped",
    '{"params":{"repo":"a/b","rep\\u006f":"c/d"}}',
    "params.repo",
    "stands twice",
  ],
  ["__proto__", '{"params":{"__proto__":{"repo":"a/b"}}}', "params.__proto__", "may not be named __proto__"],
  ["__proto__ escaped", '{"\\u005f_proto__":{}}', "__proto__", "may not be named __proto__"],
  ["10,000 deep", "[".repeat(10_000), "body", "is nested more than 64 deep"],
  ["10,000 deep and well-formed", `{"params":${"[".repeat(10_000)}${"]".repeat(10_000)}}`, "body", "64 deep"],
  ["not UTF-8", Buffer.from('{"params":{"title":"\xe9"}}', "latin1"), "body", "is not valid UTF-8"],
  ["UTF-16", Buffer.from('{"params":{}}', "utf16le"), "body", "is not valid JSON"],
  ["null", "null", "body", "must be an object, not null"],
  ["a list", "[]", "body", "must be an object, not an array"],
  ["text", '"params"', "body", "must be an object, not a string"],
];

const badBodies = bodies.map(
  ([name, body, at, says]): Scenario => ({
    ...post,
    name: `a body that is ${name} is refused`,
    headers: json,
    body,
    expect: { status: 400, issues: { [at]: says } },
  }),
);

const contentTypes: Scenario[] = [
  ...[
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "json",
    "¯",
  ].map(
    (type): Scenario => ({
      ...post,
      name: `the content type ${type} is refused`,
      headers: { "content-type": Buffer.from(type).toString("latin1") },
      body: JSON.stringify({ params: bug }),
      expect: { status: 400, issues: { "header content-type": "must be application/json" } },
    }),
  ),
  {
    name: "a body without a content type is refused",
    bytes: `POST ${create} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {owner}\r\ncontent-length: 13\r\nconnection: close\r\n\r\n{"params":{}}`,
    expect: { status: 400, issues: { "header content-type": "must be application/json" } },
  },
  {
    ...post,
    name: "a call without body and content type is refused",
    expect: { status: 400, json: { error: "bad_request" } },
  },
  {
    ...post,
    name: "a charset and a byte order mark are accepted",
    headers: { "content-type": "Application/JSON; charset=utf-8" },
    body: Buffer.from(`\ufeff${JSON.stringify({ params: { ...bug, repo: "acme" } })}`),
    expect: { status: 400, issues: { "params.repo": "2 parts" }, row: { status: "refused" } },
  },
  {
    ...post,
    name: "a body over the limit is refused before it is read",
    headers: { ...json, "content-length": String(11 * 1024 * 1024), connection: "close" },
    body: "",
    expect: { status: 413, json: { error: "payload_too_large" } },
  },
  {
    ...post,
    name: "a length that is none is refused",
    bytes: `POST ${create} HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n`,
    expect: { status: 400, json: { error: "bad_request" } },
  },
];

const inParams: [name: string, params: object, issues: Record<string, string>][] = [
  ["..", { repo: "acme/..", title: "x" }, { "params.repo": "must not be . or .." }],
  ["../", { repo: "../acme", title: "x" }, { "params.repo": "must not be . or .." }],
  ["a dot", { repo: "./acme", title: "x" }, { "params.repo": "must not be . or .." }],
  ["a third part", { repo: "acme/webapp/../../user", title: "x" }, { "params.repo": "must have 2 parts" }],
  ["an empty part", { repo: "acme/", title: "x" }, { "params.repo": "empty part" }],
  ["CRLF in a path", { repo: "acme/a\r\nx-evil: 1", title: "x" }, { "params.repo": "line breaks" }],
  ["NUL in a path", { repo: "acme/a\0", title: "x" }, { "params.repo": "control characters" }],
  ["half a character in a path", { repo: "acme/\ud800", title: "x" }, { "params.repo": "lone surrogate" }],
  ["half a character in a body", { ...bug, title: "\udc00" }, { "params.title": "lone surrogate" }],
  ["an object for text", { ...bug, title: { a: 1 } }, { "params.title": "must be a string, not an object" }],
  ["null for text", { ...bug, title: null }, { "params.title": "must be a string, not null" }],
  [
    "a number no double holds",
    { ...bug, milestone: 2 ** 60 },
    { "params.milestone": "too large to be exact" },
  ],
  ["half a number", { ...bug, milestone: 1.5 }, { "params.milestone": "integer" }],
  ["constructor", { ...bug, constructor: 1 }, { "params.constructor": "is unknown" }],
  ["toString", { ...bug, toString: 1 }, { "params.toString": "is unknown" }],
];
const badParams = inParams.map(
  ([name, params, issues]): Scenario => ({
    ...post,
    name: `params with ${name} are refused`,
    body: { params },
    expect: { status: 400, issues, row: { status: "refused", error: "bad_request" } },
  }),
);

/** These are whole values of one segment: they arrive encoded and go nowhere else. */
const harmless = [
  "acme/%2e%2e",
  "acme/a\\b",
  "acme/a?x=1",
  "acme/a#b",
  "acme/a%2fb",
  "acme/a;b",
  "acme/☃",
].map(
  (repo): Scenario => ({
    ...post,
    name: `repo ${repo} stays below its path`,
    path: `${create}?dry_run=true`,
    body: { params: { ...bug, repo } },
    expect: {
      status: 200,
      json: {
        request: {
          url: expect.stringMatching(
            new RegExp(`/repos/acme/${encodeURIComponent(repo.slice(5)).replace(/[.*()]/g, "\\$&")}/issues$`),
          ),
        },
      },
    },
  }),
);

const large: Scenario[] = [
  {
    ...post,
    name: "a megabyte of text goes through",
    body: { params: { ...bug, body: "x".repeat(1_000_000) } },
    expect: { status: 200, json: { status: 201 }, upstream: 1, row: { status: "completed" } },
  },
  {
    ...post,
    name: "a name of a megabyte is refused, and cut short in the answer",
    body: { params: { ...bug, ["x".repeat(1_000_000)]: 1 } },
    expect: { status: 400, json: { error: "bad_request" }, maxBytes: 2_000, row: { status: "refused" } },
  },
  {
    ...post,
    name: "more values and names than a body may have are refused",
    body: { params: { ...bug, labels: Array.from({ length: 100_000 }, () => "x") } },
    expect: { status: 400, json: { message: "body: has more than 100000 values and names" } },
  },
  {
    ...post,
    name: "a name of a megabyte beside the params is refused, and cut short in the answer",
    body: { params: bug, ["🦊".repeat(250_000)]: 1 },
    expect: { status: 400, json: { error: "bad_request" }, maxBytes: 2_000 },
  },
  {
    ...post,
    name: "a long name that stands twice is refused, and cut short in the answer",
    headers: json,
    body: `{"params":{"${"x".repeat(20_000)}":{"a":1,"a":2}}}`,
    expect: { status: 400, json: { error: "bad_request" }, maxBytes: 1_000 },
  },
  {
    ...post,
    name: "fifty wrong names of twenty thousand characters are refused without a long answer",
    body: {
      params: {
        ...bug,
        ...Object.fromEntries(Array.from({ length: 50 }, (_, at) => [at + "x".repeat(20_000), 1])),
      },
    },
    expect: { status: 400, json: { error: "bad_request" }, maxBytes: 20_000, row: { status: "refused" } },
  },
  {
    ...post,
    name: "forty thousand texts that no name may be are refused without a long answer",
    body: { params: bug, ...Object.fromEntries(Array.from({ length: 40_000 }, (_, at) => [`x${at}`, "\0"])) },
    expect: {
      status: 400,
      json: { message: expect.stringMatching(/\(and \d+ more\)$/) },
      maxBytes: 20_000,
    },
  },
  {
    ...post,
    name: "forty thousand wrong names are refused without a long answer",
    body: {
      params: { ...bug, ...Object.fromEntries(Array.from({ length: 40_000 }, (_, at) => [`x${at}`, 1])) },
    },
    expect: { status: 400, json: { error: "bad_request" }, maxBytes: 10_000, row: { status: "refused" } },
  },
];

const nul = "%00";
const noControl = (at: string) => ({ status: 400, issues: { [at]: "control characters" } });
const texts: Scenario[] = [
  { name: "a NUL in a slug is refused", path: `/v1/skills/${nul}`, expect: noControl("path.integration") },
  {
    name: "a NUL in a connection id is refused",
    path: `/v1/connect/${nul}`,
    expect: noControl("path.connectionId"),
  },
  {
    name: "a NUL in a connection to end is refused",
    method: "DELETE",
    path: `/v1/connections/${nul}`,
    expect: noControl("path.connectionId"),
  },
  {
    name: "a NUL in a key to revoke is refused",
    method: "DELETE",
    path: `/api-keys/${nul}`,
    expect: noControl("path.id"),
  },
  {
    name: "a NUL in a filter is refused",
    path: `/v1/calls?integration=a${nul}`,
    expect: noControl("query.integration"),
  },
  {
    name: "a NUL in a cursor is refused",
    path: `/v1/calls?cursor=${nul}`,
    expect: noControl("query.cursor"),
  },
  {
    name: "a NUL in a claim token is refused",
    path: `/claim?token=${nul}`,
    key: null,
    expect: noControl("query.token"),
  },
  {
    name: "a NUL in the name of a key is refused",
    method: "POST",
    path: "/api-keys",
    body: { name: "a\0b" },
    expect: noControl("name"),
  },
  {
    name: "half a character in the name of a key is refused",
    method: "POST",
    path: "/api-keys",
    body: { name: "\ud800" },
    expect: { status: 400, issues: { name: "lone surrogate" } },
  },
  {
    ...post,
    name: "a NUL in the name of a connection is refused",
    body: { params: bug, connection: "\0" },
    expect: noControl("connection"),
  },
  {
    name: "a NUL in a credential is refused",
    method: "POST",
    path: "/v1/connect",
    body: { integration: "github", credentials: { token: "a\0b" } },
    expect: noControl("credentials.token"),
  },
];

const asked = [
  "/v1/skills/../../etc/passwd",
  "/v1/skills/%2e%2e/%2e%2e",
  "/v1/skills/..%2f..%2fetc",
  "/v1/skills/a\\b",
  "//v1/skills",
  "/V1/skills",
];
const paths: Scenario[] = [
  ...asked.map(
    (path): Scenario => ({
      name: `the path ${path} is not found`,
      path,
      expect: { status: 404, json: { error: "not_found" } },
    }),
  ),
  ...["/v1/skills/%", "/v1/skills/%zz", "/v1/skills/%E0%A4%A"].map(
    (path): Scenario => ({
      name: `the path ${path} is refused`,
      path,
      expect: { status: 400, issues: { path: "is not a valid URL path" } },
    }),
  ),
  {
    name: "a path of 10,000 characters is refused",
    path: `/v1/skills/${"a".repeat(10_000)}`,
    expect: { status: 400, issues: { path: "has a part that is too long" } },
  },
  {
    name: "an empty part of a path is refused",
    path: "/v1/skills/",
    expect: { status: 400, issues: { "path.integration": "must not be empty" } },
  },
];

const wire: Scenario[] = [
  {
    name: "a space in the path is refused",
    bytes: "GET /v1/sk ills HTTP/1.1\r\nhost: x\r\n\r\n",
    expect: { status: 400 },
  },
  {
    name: "a NUL in the path is refused",
    bytes: "GET /v1/\0 HTTP/1.1\r\nhost: x\r\n\r\n",
    expect: { status: 400 },
  },
  { name: "bytes that are no HTTP are refused", bytes: "hello\r\n\r\n", expect: { status: 400 } },
  {
    name: "a header with a NUL is refused",
    bytes: "GET / HTTP/1.1\r\nhost: x\r\nx-a: \0\r\n\r\n",
    expect: { status: 400 },
  },
  {
    name: "a folded header is refused",
    bytes: "GET / HTTP/1.1\r\nhost: x\r\nx-a: 1\r\n 2\r\n\r\n",
    expect: { status: 400 },
  },
  {
    name: "a body with two lengths is refused",
    bytes: `POST ${create} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}`,
    expect: { status: 400 },
  },
  {
    name: "a body with a length and in chunks is refused",
    bytes: `POST ${create} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    expect: { status: 400 },
  },
  {
    name: "headers over the limit are refused",
    bytes: `GET /health HTTP/1.1\r\nhost: x\r\nx-large: ${"a".repeat(20_000)}\r\n\r\n`,
    expect: { status: 431, json: { error: "bad_request", message: expect.stringContaining("too large") } },
  },
  {
    name: "headers of proxies change neither the method nor the id of a request",
    path: "/v1/usage",
    headers: { "x-forwarded-for": "127.0.0.1", "x-http-method-override": "DELETE", "x-request-id": "mine" },
    expect: { status: 200, headers: { "x-request-id": expect.stringMatching(/^req_/) } },
  },
];

describeApi("hostile input", (stage) => connectGithub(stage), [
  ...badBodies,
  ...contentTypes,
  ...badParams,
  ...harmless,
  ...large,
  ...texts,
  ...paths,
  ...wire,
]);

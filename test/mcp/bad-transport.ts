import { type BadRequest, call, list, modern, rpc } from "./bad-messages.js";

const bodies: BadRequest[] = [
  {
    name: "a batch in 2025, whose first version had them",
    body: `[${rpc("ping")},${rpc("ping")}]`,
    status: 200,
  },
  {
    name: "a batch of more than anybody asks at once",
    body: `[${Array(51).fill(rpc("ping")).join()}]`,
    status: 400,
    rpc: -32600,
  },
  { name: "an empty batch", body: "[]", status: 400, rpc: -32600 },
  {
    name: "a batch in 2026",
    ...modern("tools/list"),
    body: `[${modern("tools/list").body}]`,
    status: 400,
    rpc: -32600,
  },
  { name: "invalid JSON", body: "{", status: 400, rpc: -32700 },
  { name: "an empty body", body: "", status: 400, rpc: -32700 },
  { name: "no body", body: undefined, status: 400, rpc: -32700 },
  { name: "bytes that are no text", body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), status: 400, rpc: -32700 },
  { name: "null", body: "null", status: 400, rpc: -32600 },
  { name: "no version of JSON-RPC", body: '{"id":1,"method":"ping"}', status: 400, rpc: -32600 },
  {
    name: "an id that is an object",
    body: '{"jsonrpc":"2.0","id":{},"method":"ping"}',
    status: 400,
    rpc: -32600,
  },
  {
    name: "lists nested 100,000 deep",
    body: "[".repeat(100_000) + "]".repeat(100_000),
    status: 400,
    rpc: -32600,
  },
  {
    name: "a response to nobody",
    body: '{"jsonrpc":"2.0","id":1,"result":{}}',
    status: 202,
  },
  {
    name: "another content type",
    ...list,
    headers: { "content-type": "text/plain" },
    status: 415,
    rpc: -32000,
  },
  { name: "no content type", ...list, headers: { "content-type": undefined }, status: 415, rpc: -32000 },
  { name: "an answer nobody can give", ...list, headers: { accept: "text/html" }, status: 406, rpc: -32000 },
  { name: "GET", method: "GET", status: 405, rpc: -32000 },
  { name: "DELETE", method: "DELETE", status: 405, rpc: -32000 },
  { name: "PUT", method: "PUT", body: "{}", status: 404, error: "not_found" },
];

const whoAndWhere: BadRequest[] = [
  {
    name: "a page of another site",
    ...list,
    headers: { origin: "https://evil.example" },
    status: 403,
    error: "forbidden",
  },
  { name: "a page of no site", ...list, headers: { origin: "null" }, status: 403, error: "forbidden" },
  {
    name: "a site that begins like this machine",
    ...list,
    headers: { origin: "http://localhost.evil.example" },
    status: 403,
    error: "forbidden",
  },
  { name: "another host", ...list, headers: { host: "evil.example" }, status: 403, error: "forbidden" },
  {
    name: "another host, and its page",
    ...list,
    headers: { host: "evil.example", origin: "http://evil.example" },
    status: 403,
    error: "forbidden",
  },
  {
    name: "another host that a proxy is said to have hidden",
    ...list,
    headers: { host: "evil.example", "x-forwarded-host": "localhost" },
    status: 403,
    error: "forbidden",
  },
  {
    name: "another host without a key",
    ...list,
    key: null,
    headers: { host: "evil.example" },
    status: 403,
    error: "forbidden",
  },
  { name: "no key", ...list, key: null, status: 401, error: "unauthorized" },
  { name: "a key nobody has", ...list, key: "unknown", status: 401, error: "api_key_invalid" },
  { name: "a revoked key", ...list, key: "revoked", status: 401, error: "api_key_revoked" },
  {
    name: "the key of a paused agent",
    ...list,
    key: "paused",
    status: 403,
    error: "forbidden",
    says: "paused",
  },
  {
    name: "another tenant's key",
    ...call("skill_query", { skillId: "triage" }),
    key: "stranger",
    status: 200,
    error: "not_found",
  },
];

export const badTransport: BadRequest[] = [...bodies, ...whoAndWhere];

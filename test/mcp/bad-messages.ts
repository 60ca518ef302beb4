/** Requests that are wrong in one way each, and what comes of them. */
export interface BadRequest {
  name: string;
  method?: string;
  /** Name of a key of the stage; the agent's when left out, none when null. */
  key?: string | null;
  /** Beside those that a right request has; undefined leaves one out. */
  headers?: Record<string, string | undefined>;
  body?: string | Uint8Array | undefined;
  status: number;
  /** Of the JSON-RPC error. */
  rpc?: number;
  /** Code of our own error: in the body, or in the result of a tool. */
  error?: string;
  /** Stands somewhere in the answer. */
  says?: string;
}

const version = "io.modelcontextprotocol/protocolVersion";
const capabilities = "io.modelcontextprotocol/clientCapabilities";
const envelope = { [version]: "2026-07-28", [capabilities]: {} };
export const rpc = (method: unknown, params?: unknown) =>
  JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });

/** A right request of 2026-07-28, with what `more` changes of it. */
export function modern(
  method: string,
  params: Record<string, unknown> = {},
  { _meta = envelope, ...headers }: { _meta?: unknown; [header: string]: unknown } = {},
) {
  return {
    headers: {
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": method,
      ...(headers as Record<string, string | undefined>),
    },
    body: rpc(method, { ...params, ...(_meta === null ? {} : { _meta }) }),
  };
}

/** A right request of 2025-11-25. */
export const legacy = (method: unknown, params?: unknown) => ({
  headers: { "mcp-protocol-version": "2025-11-25" },
  body: rpc(method, params),
});
export const call = (name: unknown, args?: unknown) => legacy("tools/call", { name, arguments: args });
export const list = legacy("tools/list");
const long = "x".repeat(5_000_000);
const megabyte = "x".repeat(1_000_000);
const post = (params: object) => ({
  integration: "odd",
  endpoint: "post_path",
  params: { path: "json", ...params },
});
const tooOld = { ...envelope, [version]: "2099-01-01" };
const search = { name: "integration_search", arguments: {} };
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

const versions: BadRequest[] = [
  {
    name: "a version of 2025 there never was",
    ...list,
    headers: { "mcp-protocol-version": "1999-01-01" },
    status: 400,
    rpc: -32000,
    says: "2025-11-25",
  },
  {
    name: "a version to come",
    ...modern("tools/list", {}, { _meta: tooOld, "mcp-protocol-version": "2099-01-01" }),
    status: 400,
    rpc: -32022,
    says: '"supported":["2026-07-28"]',
  },
  { name: "no _meta", ...modern("tools/list", {}, { _meta: null }), status: 400, rpc: -32602, says: "_meta" },
  {
    name: "_meta without capabilities",
    ...modern("tools/list", {}, { _meta: { [version]: "2026-07-28" } }),
    status: 400,
    rpc: -32602,
    says: capabilities,
  },
  {
    name: "_meta and no version in the head",
    ...modern("tools/list", {}, { "mcp-protocol-version": undefined }),
    status: 400,
    rpc: -32020,
  },
  {
    name: "another version in the head",
    ...modern("tools/list", {}, { "mcp-protocol-version": "2025-11-25" }),
    status: 400,
    rpc: -32020,
  },
  {
    name: "another method in the head",
    ...modern("tools/list", {}, { "mcp-method": "prompts/list" }),
    status: 400,
    rpc: -32020,
  },
  {
    name: "no method in the head",
    ...modern("tools/list", {}, { "mcp-method": undefined }),
    status: 400,
    rpc: -32020,
  },
  {
    name: "another tool in the head",
    ...modern("tools/call", search, { "mcp-name": "integration_run" }),
    status: 400,
    rpc: -32020,
  },
  { name: "no tool in the head", ...modern("tools/call", search), status: 400, rpc: -32020 },
];

const methods: BadRequest[] = [
  { name: "an unknown method", ...modern("tools/destroy"), status: 404, rpc: -32601 },
  { name: "an unknown method in 2025", ...legacy("tools/destroy"), status: 200, rpc: -32601 },
  { name: "initialize where there is none", ...modern("initialize"), status: 404, rpc: -32601 },
  {
    name: "an unknown tool",
    ...modern("tools/call", { name: "nope", arguments: {} }, { "mcp-name": "nope" }),
    status: 200,
    rpc: -32602,
    says: "nope",
  },
  { name: "an unknown tool in 2025", ...call("nope", {}), status: 200, rpc: -32602 },
  { name: "a tool named like what every object has", ...call("constructor", {}), status: 200, rpc: -32602 },
  { name: "a tool named __proto__", ...call("__proto__", {}), status: 200, rpc: -32602 },
  { name: "a tool without a name", ...call(5), status: 200, rpc: -32602 },
  { name: "a call without params", ...legacy("tools/call"), status: 200, rpc: -32602 },
  {
    name: "a resource elsewhere",
    ...legacy("resources/read", { uri: "file:///etc/passwd" }),
    status: 200,
    rpc: -32602,
  },
  {
    name: "a resource above its skill",
    ...legacy("resources/read", { uri: "skill://triage/../../x" }),
    status: 200,
    rpc: -32602,
  },
  {
    name: "a resource with a broken escape",
    ...legacy("resources/read", { uri: "skill://triage/%zz" }),
    status: 200,
    rpc: -32602,
  },
  ...(
    [
      ["an unknown method with a name of a megabyte", legacy(megabyte), "method"],
      ["an unknown tool with a name of a megabyte", call(megabyte, {}), "params.name"],
      [
        "a resource with an address of a megabyte",
        legacy("resources/read", { uri: `skill://${megabyte}` }),
        "params.uri",
      ],
      ["a prompt with a name of a megabyte", legacy("prompts/get", { name: megabyte }), "params.name"],
      ["a cursor of a megabyte", legacy("skills/list", { cursor: megabyte }), "params.cursor"],
    ] as const
  ).map(([name, message, at]) => ({
    ...{ name, ...message, status: 400, rpc: -32600 },
    says: `The message has over 8192 characters in ${at}.`,
  })),
  { name: "a cursor of nowhere", ...legacy("skills/list", { cursor: "nowhere" }), status: 200, rpc: -32602 },
];

const argumentsOfTools: BadRequest[] = [
  { name: "arguments that are a list", ...call("skill_query", []), status: 200, rpc: -32602 },
  { name: "arguments that are text", ...call("skill_query", "triage"), status: 200, rpc: -32602 },
  {
    name: "no arguments",
    ...call("skill_query"),
    status: 200,
    error: "bad_request",
    says: "skill_query.skillId",
  },
  {
    name: "an argument of another type",
    ...call("skill_query", { skillId: 1 }),
    status: 200,
    error: "bad_request",
    says: "must be a string, not a number",
  },
  {
    name: "several wrong arguments at once",
    ...call("integration_run", { integration: "", page: 0, extra: 1 }),
    status: 200,
    error: "bad_request",
    says: "(and 3 more)",
  },
  {
    name: "a page without a result",
    ...call("integration_run", {
      integration: "odd",
      endpoint: "get_path",
      page: 2,
      params: { path: "json" },
    }),
    status: 200,
    error: "bad_request",
    says: "resultId",
  },
  {
    name: "a key to retry by with a line in it",
    ...call("integration_run", { ...post({}), idempotencyKey: "a\r\nx: y" }),
    status: 200,
    error: "bad_request",
    says: "idempotencyKey",
  },
  {
    name: "params that would be a prototype",
    body: rpc("tools/call").replace(
      '"tools/call"',
      '"tools/call","params":{"name":"integration_run","arguments":{"integration":"odd","endpoint":"get_path","params":{"path":"json","__proto__":{"x":1}}}}',
    ),
    status: 200,
    error: "bad_request",
    says: "__proto__",
  },
  {
    name: "params nested 20,000 deep",
    body: rpc("tools/call").replace(
      '"tools/call"',
      `"tools/call","params":{"name":"integration_run","arguments":{"integration":"odd","endpoint":"post_path","params":{"path":"json","extra":${nested(20_000)}}}}`,
    ),
    status: 400,
    rpc: -32600,
    says: "nested more than 64 deep",
  },
  {
    name: "an argument of 5 MB where 4,000 characters are allowed",
    ...call("skill_query", { skillId: "triage", query: long }),
    status: 200,
    error: "bad_request",
    says: "at most 4000 characters",
  },
  {
    name: "an argument of 5 MB where there is no limit",
    ...call("integration_run", post({ note: long })),
    status: 200,
    says: "Octocat",
  },
  {
    name: "more than 10 MB",
    ...call("integration_run", post({ note: long + long + long })),
    status: 413,
    error: "payload_too_large",
    says: "10485760",
  },
];

export const badMessages: BadRequest[] = [...versions, ...methods, ...argumentsOfTools];

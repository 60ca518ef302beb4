import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onEachEngine } from "#support/skillett.js";
import { sendRequest } from "../api/wire-request.js";
import { type McpStage, startMcpStage } from "./mcp-stage.js";

/** Clients that run in a browser, such as the Inspector, and those that ask in other ways than the SDK does. */

const inspector = "http://localhost:6274";
const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } },
};

onEachEngine("MCP over HTTP", (engine) => {
  let stage: McpStage;
  let key: string;
  beforeAll(async () => {
    stage = await startMcpStage(engine);
    key = (await stage.join("Ada", [])).key;
  });
  afterAll(() => stage?.close());

  const send = (method: string, path: string, headers: Record<string, string>, body?: object) =>
    sendRequest(stage.skillett.url, method, path, headers, body && JSON.stringify(body));
  const post = (path: string, headers: Record<string, string>, body: object) =>
    send(
      "POST",
      path,
      { "content-type": "application/json", authorization: `Bearer ${key}`, ...headers },
      body,
    );
  const preflight = (path: string, method: string, headers: Record<string, string> = {}) =>
    send("OPTIONS", path, {
      origin: inspector,
      "access-control-request-method": method,
      "access-control-request-headers": "authorization,content-type,mcp-protocol-version",
      ...headers,
    });

  describe("answers to clients that take no stream", () => {
    it.each<[string, Record<string, string>]>([
      ["no accept", {}],
      ["*/*", { accept: "*/*" }],
      ["application/json", { accept: "application/json" }],
      ["application/json with a charset", { accept: "application/json; charset=utf-8" }],
      ["application/*", { accept: "application/*;q=0.9" }],
      ["the accept of browsers", { accept: "text/html, */*;q=0.8" }],
    ])("a request with %s is answered in JSON", async (_, headers) => {
      for (const path of ["/mcp", "/mcp/", "/mcp/?x=1"]) {
        const reply = await post(path, headers, initialize);
        expect(reply).toMatchObject({
          status: 200,
          json: { id: 1, result: { protocolVersion: "2025-06-18" } },
        });
        expect(reply.headers.get("content-type")).toBe("application/json");
      }
      const call = { name: "integration_search", arguments: { query: "path" } };
      const called = await post("/mcp", headers, {
        jsonrpc: "2.0",
        id: 2,
        method: "tools/call",
        params: call,
      });
      expect(called).toMatchObject({ status: 200, json: { id: 2, result: { content: [{ type: "text" }] } } });
      const batch = [
        { ...initialize, method: "ping", params: {} },
        { jsonrpc: "2.0", id: 3, method: "ping" },
      ];
      expect((await post("/mcp", headers, batch)).json).toMatchObject([{ id: 1 }, { id: 3 }]);
      const note = { jsonrpc: "2.0", method: "notifications/initialized" };
      expect((await post("/mcp", headers, note)).status).toBe(202);
    });

    it("a client that takes nothing but a stream is answered in one", async () => {
      const reply = await post("/mcp", { accept: "text/event-stream" }, initialize);
      expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    });
  });

  it("the route with a slash behind it says the same of itself", async () => {
    const headers = { "content-type": "application/json" };
    const [plain, slash] = [
      await send("POST", "/mcp", headers, initialize),
      await send("POST", "/mcp/", headers, initialize),
    ];
    expect([plain.status, slash.status]).toEqual([401, 401]);
    expect(slash.headers.get("www-authenticate")).toBe(plain.headers.get("www-authenticate"));
    const documents = await Promise.all(
      ["mcp", "mcp/"].map((end) => send("GET", `/.well-known/oauth-protected-resource/${end}`, {})),
    );
    expect(documents[1]!.status).toBe(200);
    expect(documents[1]!.json).toEqual(documents[0]!.json);
    expect((await send("POST", "/mcp//", headers, initialize)).status).toBe(404);
  });

  describe("pages of this machine", () => {
    const nearby: [string, string][] = [
      ["/mcp", "POST"],
      ["/mcp/", "POST"],
      ["/mcp", "GET"],
      ["/mcp", "DELETE"],
      ["/oauth/register", "POST"],
      ["/oauth/token", "POST"],
      ["/oauth/revoke", "POST"],
    ];
    const documents: [string, string][] = [
      ["/.well-known/oauth-protected-resource", "GET"],
      ["/.well-known/oauth-protected-resource/mcp", "GET"],
      ["/.well-known/oauth-authorization-server", "GET"],
      ["/.well-known/oauth-authorization-server/oauth", "GET"],
      ["/.well-known/openid-configuration/oauth", "GET"],
      ["/oauth/jwks", "GET"],
    ];

    it.each([...nearby, ...documents])("a page of this machine may ask %s with %s", async (path, method) => {
      const reply = await preflight(path, method);
      expect([reply.status, reply.text]).toEqual([204, ""]);
      const origin = reply.headers.get("access-control-allow-origin");
      expect(origin).toBe(documents.some(([document]) => document === path) ? "*" : inspector);
      expect(reply.headers.get("access-control-allow-methods")).toContain(method);
      const allowed = reply.headers.get("access-control-allow-headers");
      for (const name of [
        "authorization",
        "content-type",
        "accept",
        "mcp-protocol-version",
        "mcp-session-id",
      ])
        expect(allowed).toContain(name);
      expect(allowed).toContain("last-event-id");
      expect(reply.headers.get("access-control-allow-credentials")).toBeNull();
    });

    it("a page of this machine can read what it gets, refusals too", async () => {
      const origin = { origin: inspector };
      const replies = [
        await post("/mcp", origin, initialize),
        await send("POST", "/mcp", { ...origin, "content-type": "application/json" }, initialize),
        await send("POST", "/oauth/register", { ...origin, "content-type": "application/json" }, {}),
        await send("POST", "/oauth/token", origin),
        await send("POST", "/oauth/revoke", origin),
        await send("GET", "/.well-known/oauth-authorization-server/oauth", origin),
        await send("GET", "/.well-known/oauth-protected-resource/mcp", origin),
        await send("GET", "/.well-known/oauth-authorization-server/nowhere", origin),
      ];
      expect(replies.map(({ status }) => status)).toEqual([200, 401, 400, 400, 400, 200, 200, 404]);
      for (const { headers } of replies) {
        expect(["*", inspector]).toContain(headers.get("access-control-allow-origin"));
        expect(headers.get("access-control-allow-credentials")).toBeNull();
        expect(headers.get("access-control-expose-headers")?.toLowerCase()).toContain("www-authenticate");
      }
    });

    it("a page of this machine may repeat arguments in headers, as the protocol has it", async () => {
      const asked = "Mcp-Method, Mcp-Param-Region, x-other";
      const reply = await preflight("/mcp", "POST", { "access-control-request-headers": asked });
      const allowed = reply.headers.get("access-control-allow-headers");
      expect(allowed).toContain("mcp-param-region");
      expect(allowed).not.toContain("x-other");
    });
  });

  it.each(["/api/me", "/auth/token", "/auth/sign-in/email", "/oauth/authorize", "/v1/skills", "/claim", "/"])(
    "%s, which cookies or keys of people open, is shared with no page",
    async (path) => {
      for (const reply of [await preflight(path, "POST"), await send("GET", path, { origin: inspector })]) {
        const names = [...reply.headers.keys()].filter((name) => name.startsWith("access-control-"));
        expect(names).toEqual([]);
      }
    },
  );

  it.each(["https://evil.example", "http://localhost.evil.example", "null"])(
    "a page of %s may not ask",
    async (origin) => {
      for (const path of ["/mcp", "/oauth/register", "/oauth/token", "/oauth/revoke"]) {
        const reply = await preflight(path, "POST", { origin });
        expect(reply.headers.get("access-control-allow-origin")).toBeNull();
        expect(reply.headers.get("access-control-allow-credentials")).toBeNull();
      }
      expect((await preflight("/mcp", "POST", { origin })).status).toBe(403);
      expect((await preflight("/mcp", "POST", { host: "evil.example" })).status).toBe(403);
    },
  );
});

import { once } from "node:events";
import { connect } from "node:net";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { onEachEngine } from "#support/skillett.js";
import { createSite, type Site } from "./program.js";

/** SIGTERM: no new calls, those in flight finish, and nothing else holds the process up. */
onEachEngine("shutting down", (engine) => {
  let github: GithubStandIn;
  let site: Site;
  let server: Awaited<ReturnType<Site["up"]>>;
  beforeAll(async () => {
    github = await startGithub();
    site = await createSite(engine, {
      SKILLETT_GITHUB_BASE_URL: github.url,
      SKILLETT_UPSTREAM_TIMEOUT_SECONDS: "2",
    });
  });
  afterAll(async () => {
    await site?.close();
    await github?.close();
  });

  it("a server that stops finishes the call in flight, and its row", async () => {
    server = await site.up();
    const credentials = { token: github.mintToken() };
    await site.call("POST", "/v1/connect", { integration: "github", credentials });
    // Connected, but never asks for anything, as browsers do.
    const silent = connect(Number(new URL(server.url).port), "127.0.0.1");
    silent.on("error", () => {});
    await once(silent, "connect");

    github.failNext("hang");
    const count = github.requests.length;
    const call = site.call("POST", "/v1/github/get_authenticated_user", {});
    await expect.poll(() => github.requests.length).toBe(count + 1);
    const ended = once(server.child, "exit");
    const begin = performance.now();
    server.child.kill("SIGTERM");
    await expect.poll(server.stderr).toContain("Stopping");
    await expect(site.call("GET", "/health")).rejects.toThrow();

    // The service hangs, so the call ends when its time is up: with a clear answer, not with a broken one.
    expect(await call).toMatchObject({ status: 504, json: { error: "upstream_timeout" } });
    expect(await ended).toEqual([0, null]);
    expect(performance.now() - begin).toBeLessThan(15_000);
    silent.destroy();

    server = await site.up();
    const { json } = await site.call("GET", "/v1/calls?limit=1");
    expect(json.calls[0]).toMatchObject({ status: "failed", error: "upstream_timeout" });
    expect((await site.call("POST", "/v1/github/get_authenticated_user", {})).json.status).toBe(200);
  });

  it("a server that stops finishes the MCP call in flight, and ends the streams that never would", async () => {
    const url = new URL(`${server.url}/mcp`);
    const requestInit = { headers: { authorization: `Bearer ${await site.key()}` } };
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
    await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
    const listening = fetch(url, {
      method: "POST",
      headers: { ...requestInit.headers, ...listen.headers },
      body: JSON.stringify(listen.body),
    }).then((response) => response.text());

    github.failNext("hang");
    const count = github.requests.length;
    const run = {
      name: "integration_run",
      arguments: { integration: "github", endpoint: "get_authenticated_user" },
    };
    const call = client.callTool(run);
    await expect.poll(() => github.requests.length).toBe(count + 1);
    const ended = once(server.child, "exit");
    server.child.kill("SIGTERM");

    expect(await call).toMatchObject({ isError: true });
    expect(JSON.stringify(await call)).toContain("upstream_timeout");
    expect(await listening).toContain("subscriptions/acknowledged");
    expect(await ended).toEqual([0, null]);
  });
});

const meta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
  "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
};
const listen = {
  headers: {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": "subscriptions/listen",
  },
  body: {
    jsonrpc: "2.0",
    id: 1,
    method: "subscriptions/listen",
    params: { _meta: meta, notifications: { toolsListChanged: true } },
  },
};

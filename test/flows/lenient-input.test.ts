import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { closeServer, listen } from "#support/loopback.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

/** What clients of models write where they mean to leave something out, by REST and by MCP. */

onEachEngine("lenient input", (engine) => {
  let service: Server;
  let skillett: Skillett;
  beforeAll(async () => {
    service = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end('{"id":1,"login":"octocat"}');
    });
    skillett = await startSkillett(engine, { env: { SKILLETT_GITHUB_BASE_URL: await listen(service) } });
    await skillett.connect("github");
  });
  afterAll(async () => {
    await skillett?.close();
    if (service) await closeServer(service);
  });

  /** The body that would be sent, or what is refused. */
  async function byRest(endpoint: string, body: unknown) {
    const { json } = await skillett.call("POST", `/v1/github/${endpoint}?dry_run=true`, { body });
    return json.request ? json.request.body : json.issues;
  }
  async function askMcp(method: string, params: unknown) {
    const { text } = await skillett.call("POST", "/mcp", {
      headers: { accept: "application/json, text/event-stream", "mcp-protocol-version": "2025-11-25" },
      body: { jsonrpc: "2.0", id: 1, method, params },
    });
    return JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text);
  }
  async function byMcp(endpoint: string, { params, connection }: { params?: unknown; connection?: unknown }) {
    const args = {
      integration: "github",
      endpoint,
      params,
      connection,
      dryRun: true,
      fields: null,
      page: "",
    };
    const request = { name: "integration_run", arguments: args };
    const { structuredContent, content } = (await askMcp("tools/call", request)).result;
    return structuredContent?.request ? structuredContent.request.body : content[0].text;
  }

  const issue = { repo: "acme/app", title: "Bug" };
  it.each([
    ["a text for a list", { ...issue, labels: '["bug"]' }, { title: "Bug", labels: ["bug"] }],
    ["null for a list", { ...issue, labels: null }, { title: "Bug" }],
    ["nothing for a list", { ...issue, labels: "", milestone: "" }, { title: "Bug" }],
    ["a text for a number", { ...issue, milestone: "3" }, { title: "Bug", milestone: 3 }],
    ["a text for all params", JSON.stringify(issue), { title: "Bug" }],
    ["a title of digits", { ...issue, title: "3" }, { title: "3" }],
    ["JSON in a body", { ...issue, body: "[1]" }, { title: "Bug", body: "[1]" }],
    ["an empty body", { ...issue, body: "" }, { title: "Bug", body: "" }],
  ])("%s is read as it was meant", async (_, params, sent) => {
    expect(await byRest("create_issue", { params, connection: null })).toEqual(sent);
    expect(await byMcp("create_issue", { params, connection: "" })).toEqual(sent);
  });

  it("null is sent where it means something", async () => {
    const params = { repo: "acme/app", issue_number: "42", milestone: null, title: null };
    expect(await byRest("update_issue", { params })).toEqual({ milestone: null });
    expect(await byMcp("update_issue", { params })).toEqual({ milestone: null });
  });

  it.each([null, "", "{}", undefined])("params of %j are no params", async (params) => {
    expect(await byRest("get_authenticated_user", { params })).toBe(null);
    expect(await byMcp("get_authenticated_user", { params })).toBe(null);
  });

  it("an input that leaves a doubt is still refused", async () => {
    expect(await byRest("create_issue", { params: { ...issue, labels: "bug" } })).toMatchObject([
      { at: "params.labels", message: "must be an array, not a string" },
    ]);
    expect(await byRest("create_issue", { params: { repo: "acme/app", title: null } })).toMatchObject([
      { at: "params.title" },
    ]);
    expect(await byRest("create_issue", { params: '{"repo":"a/b","title":"x","title":"y"}' })).toMatchObject([
      { at: "params" },
    ]);
  });

  it("MCP takes arguments written as JSON text, also long ones", async () => {
    const params = { ...issue, body: "x".repeat(20_000) };
    const args = { integration: "github", endpoint: "create_issue", params, dryRun: true };
    const written = { name: "integration_run", arguments: JSON.stringify(args) };
    const { structuredContent } = (await askMcp("tools/call", written)).result;
    expect(structuredContent.request.body).toEqual({ title: "Bug", body: params.body });
  });

  it("MCP takes params, arguments and a cursor of null", async () => {
    expect((await askMcp("tools/list", null)).result.tools.length).toBeGreaterThan(5);
    expect((await askMcp("tools/list", { cursor: null })).result.tools.length).toBeGreaterThan(5);
    const called = await askMcp("tools/call", { name: "connector_discover", arguments: null });
    expect(called.result.structuredContent.connected).toContainEqual(
      expect.objectContaining({ id: "github" }),
    );
  });
});

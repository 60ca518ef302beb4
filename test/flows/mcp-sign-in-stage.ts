import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { Engine } from "#store/engine/database.js";
import { createCleanup } from "#support/cleanup.js";
import { type McpAuthorization, startMcpAuthorization } from "#support/mcp-authorization.js";
import { type McpStandIn, startMcpStandIn } from "#support/mcp-stand-in.js";
import { type Skillett, startSkillett } from "#support/skillett.js";

export const find = {
  name: "find_tickets",
  inputSchema: { type: "object", properties: { words: { type: "string" } } },
  annotations: { readOnlyHint: true },
};

/** A closed MCP server, the authorization server that its tokens come from, and a Skillett to which it is added. */
export function useClosedServer(engine: Engine, env: Record<string, string> = {}) {
  const cleanup = createCleanup();
  let server: McpStandIn;
  let authorization: McpAuthorization;
  let skillett: Skillett;
  let pristine: McpAuthorization;
  let number = 0;

  beforeAll(async () => {
    server = await startMcpStandIn("2026");
    cleanup.add(server.close);
    authorization = await startMcpAuthorization(server);
    cleanup.add(authorization.close);
    pristine = { ...authorization };
    const hosts = [server.url, authorization.url].map((url) => `tenant-integration=${new URL(url).host}`);
    skillett = await startSkillett(engine, {
      env: { SKILLETT_SIGN_UP: "open", SKILLETT_ALLOW_HOSTS: hosts.join(","), ...env },
    });
    cleanup.add(skillett.close);
  });
  afterAll(cleanup.run);
  beforeEach(() => {
    server.tools = [find];
    server.calls = [];
    Object.assign(authorization, pristine, { metadata: {}, resourceMetadata: {}, registered: [] });
    Object.assign(authorization, { registration: {}, callback: {} });
  });
  afterEach(async () => {
    const { json } = await skillett.call("GET", "/v1/connections");
    for (const { id } of json.connections) await skillett.call("DELETE", `/v1/connections/${id}`);
  });

  const add = async () => {
    number += 1;
    const body = { url: server.url, slug: `desk-${number}` };
    return (await skillett.call("POST", "/v1/integrations/mcp", { body })).json;
  };
  const refresh = async (slug: string) =>
    (await skillett.call("POST", `/v1/integrations/${slug}/refresh`)).json;
  const run = async (slug: string) =>
    (await skillett.call("POST", `/v1/${slug}/find_tickets`, { body: { params: { words: "late" } } })).json;

  return {
    server: () => server,
    authorization: () => authorization,
    skillett: () => skillett,
    add,
    refresh,
    run,
  };
}

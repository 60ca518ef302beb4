import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { onEachEngine } from "#support/skillett.js";
import { claimInstance } from "#support/world.js";
import { createRemoteClients } from "./oauth-stage.js";
import { createSite, type Site } from "./program.js";

/** Bundling changes what a library can see of itself, such as the names of its classes. */
onEachEngine("OAuth and MCP in the program as it is shipped", (engine) => {
  let site: Site;
  beforeAll(async () => {
    site = await createSite(engine);
  });
  afterAll(() => site?.close());

  it("the shipped program lets a client in, which then has the tools, without a warning of oidc-provider", async () => {
    const server = await site.up();
    const [claimToken = ""] = /(?<=claim\?token=)\S+/.exec(server.stderr()) ?? [];
    const owner = await claimInstance({ url: server.url, claimToken });

    const remote = createRemoteClients(server, owner);
    const { access_token } = await remote.letIn(await remote.register());
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
    const requestInit = { headers: { authorization: `Bearer ${access_token}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL(remote.resource), { requestInit }));
    expect((await client.listTools()).tools).toHaveLength(8);
    const search = { name: "integration_search", arguments: { query: "issue" } };
    expect(await client.callTool(search)).toMatchObject({
      structuredContent: {
        endpoints: expect.arrayContaining([expect.objectContaining({ integration: "github" })]),
      },
    });
    expect((await client.listPrompts()).prompts).toEqual([]);
    await client.close();
    const stranger = await fetch(remote.resource, { method: "POST" });
    expect(stranger.status).toBe(401);
    expect(stranger.headers.get("www-authenticate")).toContain("/.well-known/oauth-protected-resource");
    // It warns of everything it is not told, and of Node 20.
    expect(server.stderr()).not.toContain("oidc-provider");
  });
});

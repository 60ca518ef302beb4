import { afterAll, beforeAll, expect, it } from "vitest";
import { acmeTexts, bring } from "#support/brought.js";
import { onEachEngine } from "#support/skillett.js";
import type { McpClient, ToolAnswer } from "./mcp-clients.js";
import { type McpStage, type Member, startMcpStage, triage } from "./mcp-stage.js";

/** The catalogue of a tenant over MCP: what it brings is there for its agents, and what it switches off is not. */

onEachEngine("a catalogue over MCP", (engine) => {
  let stage: McpStage;
  let ada: Member;
  let agent: McpClient;
  let stranger: McpClient;
  beforeAll(async () => {
    stage = await startMcpStage(engine);
    ada = await stage.join("Ada", [triage]);
    agent = await stage.connect(ada.key);
    stranger = await stage.connect((await stage.join("Eve", [triage])).key);
    await bring(stage.skillett.app.database, ada.tenantId, acmeTexts(stage.upstream.url));
  });
  afterAll(() => stage?.close());

  const textOf = ({ content }: ToolAnswer) => content.map(({ text }) => text).join();
  const turn = (slug: string, body: object) =>
    stage.skillett.call("PATCH", `/v1/integrations/${slug}`, { key: ada.plainKey, body });
  const describe = (client: McpClient, integration: string, endpoint: string) =>
    client.call("integration_describe", { integration, endpoint });

  it("an integration that a tenant brings is found and described to its agents, in the same session", async () => {
    const search = { query: "paint a widget" };
    expect(textOf(await agent.call("integration_search", search))).toContain("paint_widget");
    expect(textOf(await agent.call("connector_discover"))).toContain("acme");
    expect((await describe(agent, "acme", "paint_widget")).isError).toBeFalsy();
    expect(textOf(await stranger.call("integration_search", search))).not.toContain("paint_widget");
    expect((await describe(stranger, "acme", "paint_widget")).isError).toBe(true);
  });

  it("an endpoint that is switched off is told to an agent in words, without a step that it cannot take", async () => {
    await turn("odd", { endpoints: { get_path: false } });
    const run = { integration: "odd", endpoint: "get_path", params: { path: "json" } };
    for (const answer of [
      await agent.call("integration_run", run),
      await describe(agent, "odd", "get_path"),
    ]) {
      expect(answer.isError).toBe(true);
      const { code, message, next } = JSON.parse(textOf(answer));
      expect([code, next]).toEqual(["not_found", undefined]);
      expect(message).toContain("An owner or admin of the tenant can switch it on.");
    }
    expect(textOf(await agent.call("integration_search", { integration: "odd" }))).not.toContain("get_path");
    expect((await stranger.call("integration_run", run)).isError).toBeFalsy();
  });

  it("a skill says of an endpoint that is off who can switch it on", async () => {
    await turn("odd", { endpoints: { get_path: false } });
    const skill = textOf(await agent.call("skill_query", { skillId: "triage" }));
    expect(skill).toContain("An owner or admin of the tenant can switch it on");
  });
});

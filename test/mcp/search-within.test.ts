import { afterAll, beforeAll, expect, it } from "vitest";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { connectMcp, type McpClient } from "./mcp-clients.js";

onEachEngine("a search within one integration", (engine) => {
  let skillett: Skillett;
  let client: McpClient;
  beforeAll(async () => {
    skillett = await startSkillett(engine);
    client = await connectMcp(skillett.url, skillett.key, "client 2.x, 2026");
  });
  afterAll(async () => {
    await client?.close();
    await skillett?.close();
  });

  const search = (args: object) => client.call("integration_search", { integration: "github", ...args });

  it("a question finds endpoints of that one alone", async () => {
    const { integrations, endpoints } = (await search({ query: "send a message about the bug" }))
      .structuredContent;
    expect(integrations).toMatchObject([{ integration: "github" }]);
    const of = new Set(endpoints.map(({ integration }: { integration: string }) => integration));
    expect(of).toEqual(new Set(["github"]));
    const filed = (await search({ query: "file a bug" })).structuredContent;
    expect(filed.endpoints[0].endpoint).toBe("create_issue");
  });

  it("all of its endpoints are listed when nothing is asked", async () => {
    const { total, endpoints } = (await search({})).structuredContent;
    expect(total).toBeGreaterThan(10);
    expect(endpoints).toHaveLength(total);
  });

  it("nothing is found of it when nothing of it fits, with what to do", async () => {
    const { structuredContent } = await search({ query: "play the next song" });
    expect(structuredContent).toMatchObject({ total: 0, hint: expect.stringContaining("Nothing fits") });
  });

  it("an integration that is not there is refused, and the nearest is named", async () => {
    const { isError, content } = await search({ integration: "githib" });
    expect(isError).toBe(true);
    expect(content[0]!.text).toContain("Did you mean github?");
  });
});

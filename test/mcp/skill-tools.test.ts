import { afterAll, beforeAll, expect, it } from "vitest";
import { publishSkills } from "#support/published-skills.js";
import { onEachEngine } from "#support/skillett.js";
import type { McpClient, ToolAnswer } from "./mcp-clients.js";
import { type McpStage, type Member, startMcpStage, triage } from "./mcp-stage.js";

/** What an agent is told of skills: bounded, once, and with a way to all of it. */

onEachEngine("tools of skills", (engine) => {
  let stage: McpStage;
  let ada: Member;
  let client: McpClient;
  beforeAll(async () => {
    stage = await startMcpStage(engine);
    ada = await stage.join("Ada", [triage]);
    await publishSkills(stage.skillett.app.database, ada.tenantId, [{ ...triage, slug: "spare" }]);
    client = await stage.connect(ada.key);
  });
  afterAll(() => stage?.close());

  const refusalOf = ({ isError, content }: ToolAnswer) => {
    expect(isError).toBe(true);
    return JSON.parse(content[0]!.text);
  };

  it("skill_query gives a skill as text alone, once, and reads on", async () => {
    const marks = Array.from({ length: 5000 }, (_, at) => `mark-${at}.`).join(" ");
    const body = `# Long\n\n${marks}`;
    await publishSkills(stage.skillett.app.database, ada.tenantId, [
      { slug: "long", description: "Long.", body },
    ]);
    const reader = await stage.connect(ada.plainKey);
    const { structuredContent, content } = await reader.call("skill_query", { skillId: "long" });
    expect([structuredContent, content.length]).toEqual([undefined, 1]);
    const first = JSON.parse(content[0]!.text);
    expect(content[0]!.text.length).toBeLessThan(40_000);
    let text: string = first.instructions;
    for (let cursor = first.nextCursor; cursor; ) {
      const answer = await reader.call("skill_query", { skillId: "long", cursor });
      const part = JSON.parse(answer.content[0]!.text);
      text += part.instructions;
      cursor = part.nextCursor;
    }
    expect(text).toBe(body);
    const { messages } = await reader.ask("prompts/get", { name: "long" });
    expect(messages[0].content.text).toContain(
      `skill_query with skillId long and cursor ${first.nextCursor}`,
    );
  });

  it("a skill that is not assigned is reported in words of the tools", async () => {
    const refused = refusalOf(await client.call("skill_query", { skillId: "spare" }));
    expect(refused.message).toContain("skill_request for spare");
    expect(refused.message).not.toMatch(/POST|\/v1\//);
  });

  it("skill_discover leads through all skills, each once, whatever comes and goes meanwhile", async () => {
    const { database } = stage.skillett.app;
    const slugs = Array.from({ length: 120 }, (_, at) => `many-${String(at).padStart(3, "0")}`);
    const toSkill = (slug: string) => ({ slug, description: "Counts sheep.", category: "sheep" });
    await publishSkills(database, ada.tenantId, slugs.map(toSkill));
    for (const args of [{ category: "sheep" }, { query: "sheep", category: "sheep" }]) {
      const seen: string[] = [];
      for (let cursor: string | undefined, page = 0; page === 0 || cursor; page++) {
        const more = cursor === undefined ? {} : { cursor };
        const { structuredContent } = await client.call("skill_discover", { ...args, ...more });
        seen.push(...structuredContent.skills.map(({ id }: { id: string }) => id));
        cursor = structuredContent.nextCursor;
        const early = {
          ...toSkill(`a-${args.query ? "q" : "c"}-${page}`),
          description: "Sheep sheep sheep.",
        };
        await publishSkills(database, ada.tenantId, [early]);
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining(slugs));
    }
    const odd = refusalOf(await client.call("skill_discover", { cursor: "none" }));
    expect(odd.code).toBe("bad_request");
  });
});

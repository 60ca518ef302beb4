import { createHash } from "node:crypto";
import { SkillsClient } from "@modelcontextprotocol/client/ext/skills";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onEachEngine } from "#support/skillett.js";
import { connectNewer, type Era, eras, type McpClient } from "./mcp-clients.js";
import { type McpStage, type Member, startMcpStage, triage } from "./mcp-stage.js";

/** Clients of both protocol eras find everything an agent may use. */

const tools = [
  "skill_query",
  "skill_discover",
  "skill_request",
  "connector_discover",
  "connector_request",
  "integration_search",
  "integration_describe",
  "integration_run",
];

const versions: Record<Era, string> = {
  "client 2.x, 2025": "2025-11-25",
  "client 2.x, 2026": "2026-07-28",
  "sdk 1.x": "2025-11-25",
};

onEachEngine("MCP clients", (engine) => {
  let stage: McpStage;
  let ada: Member;
  beforeAll(async () => {
    stage = await startMcpStage(engine);
    ada = await stage.join("Ada", [triage]);
  });
  afterAll(() => stage?.close());

  describe.each(eras)("%s", (era) => {
    let client: McpClient;
    beforeAll(async () => {
      client = await stage.connect(ada.key, era);
    });

    it("a client agrees on a version and is told how to begin", () => {
      expect(client.version).toBe(versions[era]);
      expect(client.instructions).toContain("skill_discover");
    });

    it("a client lists eight tools in their order", async () => {
      const { tools: listed } = await client.ask("tools/list");
      expect(listed.map(({ name }: { name: string }) => name)).toEqual(tools);
    });

    it("a client calls each of the tools", async () => {
      const value = async (tool: string, args: object) => {
        const { isError, structuredContent, content } = await client.call(tool, args);
        expect(isError, content[0]?.text).toBeFalsy();
        const value = JSON.parse(content[0]!.text);
        // What can be long is sent once.
        expect(structuredContent).toEqual(tool === "skill_query" ? undefined : value);
        return value;
      };
      const skillId = "triage";
      expect(await value("skill_query", { skillId, referenceFile: "deep/RUNBOOK.md" })).toEqual({
        skill: { id: "triage", name: "triage", description: "Sorts tickets.", category: "support" },
        instructions: "# Triage\n\nAsk who is affected.",
        references: [{ filename: "deep/RUNBOOK.md", content: "# Runbook\n" }],
        availableReferences: ["ESCALATION-MATRIX.md", "deep/RUNBOOK.md"],
        availableScripts: ["page.sh"],
        unmetRequirements: [],
      });
      expect(await value("skill_discover", { query: "tickets" })).toMatchObject({
        skills: [{ id: "triage", version: "1.0.0", assignedToMe: true }],
        total: 1,
      });
      const { connected } = await value("connector_discover", {});
      expect(connected).toContainEqual({ id: "odd", name: "Odd", category: "developer" });
      const reason = "To tell the team.";
      expect(await value("connector_request", { integrationId: "slack", reason })).toMatchObject({
        taskId: expect.stringMatching(/^task_/),
        status: "pending",
      });
      const held = await client.call("skill_request", { skillId, reason });
      expect(JSON.parse(held.content[0]!.text).code).toBe("conflict");
      expect(await value("integration_search", { query: "get any path" })).toMatchObject({
        endpoints: expect.arrayContaining([expect.objectContaining({ endpoint: "get_path" })]),
      });
      const endpoint = { integration: "odd", endpoint: "get_path" };
      expect(await value("integration_describe", endpoint)).toMatchObject({ ...endpoint, effect: "read" });
      const run = await value("integration_run", { ...endpoint, params: { path: "json" } });
      expect(run).toEqual({ status: 200, data: { id: 1, name: "Octocat" } });
    });

    it("a client has the skills as prompts", async () => {
      const { prompts } = await client.ask("prompts/list");
      expect(prompts).toMatchObject([{ name: "triage", description: "Sorts tickets." }]);
      const found = await client.ask("prompts/get", {
        name: "triage",
        arguments: { task: "who is called in an escalation" },
      });
      const [{ role, content }] = found.messages;
      expect(role).toBe("user");
      for (const part of ["Ask who is affected.", "Who is called when.", "Task: who is called"])
        expect(content.text).toContain(part);
      await expect(client.ask("prompts/get", { name: "nothing" })).rejects.toMatchObject({ code: -32602 });
      const wrong = client.ask("prompts/get", { name: "triage", arguments: { tusk: "x" } });
      await expect(wrong).rejects.toThrow("tusk is unknown");
    });

    it("a client has the skills as resources", async () => {
      const { resources } = await client.ask("resources/list");
      expect(resources).toMatchObject([{ uri: "skill://triage/SKILL.md", name: "triage" }]);
      const read = async (uri: string) => (await client.ask("resources/read", { uri })).contents[0];
      expect((await read("skill://triage/SKILL.md")).text).toContain("name: triage");
      const logo = await read("skill://triage/references/logo.png");
      expect(Buffer.from(logo.blob, "base64")).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1]));
      for (const uri of ["skill://nothing/SKILL.md", "skill://triage/../x", "file:///etc/passwd"])
        await expect(client.ask("resources/read", { uri }), uri).rejects.toThrow();
    });

    it("a client has the Skills extension, and what it lists has the digests it names", async () => {
      const { skills } = await client.ask("skills/list");
      expect(skills).toHaveLength(1);
      const { skill } = await client.ask("skills/get", { uri: "skill://triage/SKILL.md" });
      expect(skill).toEqual(skills[0]);
      for (const { uri, digest, size } of skill.resources) {
        const { text, blob } = (await client.ask("resources/read", { uri })).contents[0];
        const bytes = Buffer.from(text ?? blob, text === undefined ? "base64" : "utf8");
        expect(`sha256:${createHash("sha256").update(bytes).digest("hex")}`, uri).toBe(digest);
        expect(bytes.length).toBe(size);
      }
      const list = async (uri: string) =>
        (await client.ask("resources/directory/read", { uri })).resources.map(
          (it: { uri: string }) => it.uri,
        );
      expect(await list("skill://triage/")).toEqual([
        "skill://triage/SKILL.md",
        "skill://triage/references",
        "skill://triage/scripts",
      ]);
      expect(await list("skill://triage/references/deep")).toEqual([
        "skill://triage/references/deep/RUNBOOK.md",
      ]);
      const nothing = client.ask("resources/directory/read", { uri: "skill://triage/nothing" });
      await expect(nothing).rejects.toMatchObject({ code: -32602 });
    });

    it("a client is refused a tool that is not there", async () => {
      await expect(client.call("skill_delete", {})).rejects.toMatchObject({ code: -32602 });
    });
  });

  it.each(["client 2.x, 2025", "client 2.x, 2026"] as const)("%s verifies skills by itself", async (era) => {
    const client = await connectNewer(stage.skillett.url, ada.key, era);
    const skills = new SkillsClient(client);
    expect([skills.supported, skills.directoryRead]).toEqual([true, true]);
    const { skills: listed, ...rest } = await skills.list();
    expect(rest).not.toMatchObject({ invalid: [expect.anything()] });
    const main = await skills.read(listed[0]!);
    expect(main).toMatchObject({ verified: true, body: expect.stringContaining("Ask who is affected.") });
    const { resources } = await skills.readDirectory("skill://triage/scripts");
    const script = await skills.read(listed[0]!, resources[0]!.uri);
    expect(script).toMatchObject({ verified: true });
    await client.close();
  });
});

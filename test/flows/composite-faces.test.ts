import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "#cli/cli.js";
import { createCleanup } from "#support/cleanup.js";
import { createTestHost } from "#support/cli.js";
import { type Skillett, startSkillett } from "#support/skillett.js";
import { connectMcp } from "../mcp/mcp-clients.js";
import { type ChainedService, startChainedService } from "./chained-service.js";

/** Composites on the command line and over MCP, and how they are described. */

describe("composites, by other ways in", () => {
  const cleanup = createCleanup();
  let service: ChainedService;
  let skillett: Skillett;
  beforeAll(async () => {
    service = await startChainedService();
    cleanup.add(service.close);
    skillett = await startSkillett("sqlite", {
      env: {
        SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/composites", import.meta.url).pathname,
        SKILLETT_CHAINED_BASE_URL: service.url,
      },
    });
    cleanup.add(skillett.close);
    await skillett.connect("chained");
  });
  afterAll(() => cleanup.run());
  beforeEach(() => {
    service.asked.length = 0;
    service.instead.clear();
  });

  async function cli(...args: string[]) {
    const env = { SKILLETT_URL: skillett.url, SKILLETT_API_KEY: skillett.key };
    const { host, output } = createTestHost({ env });
    const code = await runCli(args, host);
    return { code, ...output };
  }
  const run = (...args: string[]) => cli("run", "chained", ...args);

  it("skillett run prints the answer, and a step that is refused is a failure", async () => {
    const { code, stdout, stderr } = await run("forward_note", "--id", "n1");
    expect([code, JSON.parse(stdout), stderr]).toEqual([
      0,
      { status: 200, data: { id: "s1" } },
      "Account: ada\n",
    ]);
    service.instead.set("GET /notes/n9", { status: 404, body: { message: "gone" } });
    const refused = await run("forward_note", "--id", "n9");
    expect([refused.code, JSON.parse(refused.stdout).status]).toEqual([1, 404]);
    expect(service.asked.at(-1)).toBe("GET /notes/n9");
  });

  it("skillett run shows the steps of a dry run", async () => {
    const { code, stdout } = await run("forward_note", "--id", "n1", "--dry-run");
    expect([code, JSON.parse(stdout).steps.map(({ step }: { step: string }) => step)]).toEqual([
      0,
      ["original", "sent"],
    ]);
    expect(service.asked).toEqual([]);
  });

  it("help and page of a composite say which calls it makes, and the log says what they were for", async () => {
    expect((await run("forward_note", "--help")).stdout).toContain("It calls `get_note`, then `send_note`.");
    const described = JSON.parse((await cli("skills", "chained", "list_note_titles")).stdout);
    expect(described).toMatchObject({
      method: "GET",
      path: "/notes/{id}",
      calls: ["list_notes", "get_note"],
      effect: "read",
      scopes: ["notes"],
      untrusted: ["notes.title"],
    });
    expect(described.markdown).toContain("It calls `list_notes`, then `get_note` for up to 6 items.");
    await run("forward_note", "--id", "n1");
    const { calls } = JSON.parse((await cli("calls", "--limit", "1")).stdout);
    expect(calls[0]).toMatchObject({ endpoint: "send_note", via: "forward_note", face: "cli" });
    const { json } = await skillett.call("GET", "/v1/skills?q=forward a note");
    expect(json.endpoints[0].name).toBe("forward_note");
  });

  it("integration_run calls it, with its steps in a dry run", async () => {
    const client = await connectMcp(skillett.url, skillett.key, "client 2.x, 2026");
    cleanup.add(() => client.close());
    const call = (more: object) =>
      client.call("integration_run", {
        integration: "chained",
        endpoint: "forward_note",
        params: { id: "n1" },
        ...more,
      });
    expect((await call({})).structuredContent).toEqual({ status: 200, data: { id: "s1" } });
    const dry = (await call({ dryRun: true })).structuredContent;
    expect([dry.dryRun, dry.steps.length, dry.hint.message]).toEqual([
      true,
      2,
      expect.stringContaining("braces"),
    ]);
    const all = await call({ all: true });
    expect([all.isError, all.content[0]!.text]).toEqual([true, expect.stringContaining("several calls")]);
    service.instead.set("GET /notes/n9", { status: 404, body: {} });
    const refused = await call({ params: { id: "n9" } });
    expect([refused.isError, refused.structuredContent.hint.message]).toEqual([
      true,
      expect.stringContaining("nothing was changed"),
    ]);
    const described = await client.call("integration_describe", {
      integration: "chained",
      endpoint: "forward_note",
    });
    expect(described.structuredContent.advice).toContain("It calls `get_note`, then `send_note`.");
  });
});

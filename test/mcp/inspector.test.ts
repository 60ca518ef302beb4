import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { type FetchedTool, fetchTool } from "./fetched-tool.js";
import { type McpStage, type Member, startMcpStage, triage } from "./mcp-stage.js";

/** The MCP Inspector's command line against a real server. Fetched with npm where the suite is, and as seldom. */
const inspector = "@modelcontextprotocol/inspector@0.21.2";

const run = promisify(execFile);

describe.skipIf(process.env.SKILLETT_TEST_CONFORMANCE !== "1")("the MCP Inspector", () => {
  let stage: McpStage;
  let ada: Member;
  let tool: FetchedTool | undefined;
  let problem = "";
  beforeAll(async () => {
    stage = await startMcpStage("sqlite");
    ada = await stage.join("Ada", [triage]);
    const fetched = await fetchTool([inspector]);
    if ("problem" in fetched) problem = fetched.problem;
    else tool = fetched;
  }, 300_000);
  afterAll(async () => {
    await stage?.close();
    await tool?.remove();
  });

  async function ask(context: TestContext, method: string, ...more: string[]) {
    if (!tool) return context.skip(`the Inspector could not be fetched: ${problem}`);
    const program = tool.file("@modelcontextprotocol", "inspector", "cli", "build", "index.js");
    const header = ["--header", `Authorization: Bearer ${ada.key}`];
    const at = [`${stage.skillett.url}/mcp`, "--transport", "http"];
    const { stdout } = await run(process.execPath, [program, ...at, ...header, "--method", method, ...more]);
    return JSON.parse(stdout);
  }

  it("the Inspector lists the tools", async (context) => {
    expect((await ask(context, "tools/list")).tools).toHaveLength(8);
  });

  it("the Inspector calls a tool", async (context) => {
    const call = ["--tool-name", "integration_search", "--tool-arg", "query=get any path"];
    const { structuredContent } = await ask(context, "tools/call", ...call);
    expect(structuredContent.endpoints).toContainEqual(expect.objectContaining({ endpoint: "get_path" }));
  });

  it("the Inspector lists prompts and resources", async (context) => {
    expect((await ask(context, "prompts/list")).prompts).toMatchObject([{ name: "triage" }]);
    const { resources } = await ask(context, "resources/list");
    expect(resources).toMatchObject([{ uri: "skill://triage/SKILL.md" }]);
  });
});

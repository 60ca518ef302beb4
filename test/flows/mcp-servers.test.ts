import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { type Era, eras, type McpStandIn, startMcpStandIn } from "#support/mcp-stand-in.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

/** A folder whose endpoints are tools of an MCP server, and calls of them. */

const integration = (url: string) => `name: Tracker
description: Tickets, by MCP.
category: developer
protocol: mcp
base_url: ${url}
auth:
  none: {}
`;
const skill = `---
name: skillett-tracker
description: Tickets. Use it in tests only.
---
# Tracker
`;
const find = `---
summary: Find tickets
tool: tickets.find
params:
  words: { type: string, required: true, as: "search\\\\.words", description: Words to look for }
  region: { type: string, header: Region, description: Where to look }
effect: read
returns: The tickets.
example:
  params: { words: it }
  sends: { arguments: { search.words: it } }
---
Nothing changes.
`;
const create = `---
summary: Create a ticket
tool: "create ticket \\u00e9"
params:
  title: { type: string, required: true, description: Title }
effect: write
returns: The ticket.
example:
  params: { title: Bug }
  sends: { arguments: { title: Bug } }
---
It notifies nobody.
`;

async function folderFor(url: string): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), "skillett-mcp-"));
  const endpoints = path.join(dir, "tracker", "endpoints", "tools");
  await mkdir(endpoints, { recursive: true });
  await writeFile(path.join(dir, "tracker", "integration.yaml"), integration(url));
  await writeFile(path.join(dir, "tracker", "SKILL.md"), skill);
  await writeFile(path.join(endpoints, "find_tickets.md"), find);
  await writeFile(path.join(endpoints, "create_ticket.md"), create);
  return dir;
}

onEachEngine("tools of an MCP server", (engine) => {
  describe.each(eras)("a server of %s", (era: Era) => {
    const cleanup = createCleanup();
    let server: McpStandIn;
    let skillett: Skillett;
    let pristine: McpStandIn;

    beforeAll(async () => {
      server = await startMcpStandIn(era);
      cleanup.add(server.close);
      pristine = { ...server };
      const dir = await folderFor(server.url);
      cleanup.add(() => rm(dir, { recursive: true }));
      const env = { SKILLETT_INTEGRATIONS_DIR: dir, SKILLETT_ALLOW_HOSTS: new URL(server.url).host };
      skillett = await startSkillett(engine, { env });
      cleanup.add(skillett.close);
    });
    afterAll(cleanup.run);
    beforeEach(() => {
      Object.assign(server, pristine, { messages: [], calls: [] });
    });

    const run = (endpoint: string, params: object, query = "") =>
      skillett.call("POST", `/v1/tracker/${endpoint}${query}`, { body: { params } });

    it("a call is a call of the tool, and its answer is data", async () => {
      const { status, json } = await run("find_tickets", { words: "late" });
      expect(status).toBe(200);
      expect(json).toEqual({
        status: 200,
        data: { name: "tickets.find", given: { "search.words": "late" } },
      });
      expect(server.calls).toEqual([{ name: "tickets.find", arguments: { "search.words": "late" } }]);
    });

    it("the second call needs no introduction, unless the session has ended", async () => {
      await run("find_tickets", { words: "a" });
      server.messages = [];
      await run("find_tickets", { words: "b" });
      expect(server.messages.map(({ method }) => method)).toEqual(["tools/call"]);
      server.endSessions();
      expect((await run("find_tickets", { words: "c" })).json.status).toBe(200);
      expect(server.calls.map((it) => it.arguments["search.words"])).toEqual(["a", "b", "c"]);
    });

    it("structured content comes first, and numbers keep their digits", async () => {
      server.intercept = (_, response, message) => {
        if (message?.method !== "tools/call") return false;
        const result = `{"content":[{"type":"text","text":"x"}],"structuredContent":{"id":12345678901234567890},"resultType":"complete"}`;
        response.setHeader("content-type", "application/json");
        response.end(`{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":${result}}`);
        return true;
      };
      const { text } = await run("find_tickets", { words: "late" });
      expect(text).toBe('{"status":200,"data":{"id":12345678901234567890}}');
    });
  });
});

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Engine } from "#store/engine/database.js";
import { createCleanup } from "#support/cleanup.js";
import { type Era, type McpStandIn, startMcpStandIn } from "#support/mcp-stand-in.js";
import { type Skillett, startSkillett } from "#support/skillett.js";

/** A Skillett with a folder whose endpoints are tools of an MCP server, and that server. */

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

/**
 * To be called in a describe. The server is as it was before each test.
 *
 * @param settings of the Skillett
 */
export function useTracker(engine: Engine, era: Era, settings: Record<string, string> = {}) {
  const cleanup = createCleanup();
  let server: McpStandIn;
  let skillett: Skillett;
  let pristine: McpStandIn;
  let env: Record<string, string>;

  beforeAll(async () => {
    server = await startMcpStandIn(era);
    cleanup.add(server.close);
    pristine = { ...server };
    const dir = await folderFor(server.url);
    cleanup.add(() => rm(dir, { recursive: true }));
    env = {
      SKILLETT_INTEGRATIONS_DIR: dir,
      SKILLETT_ALLOW_HOSTS: new URL(server.url).host,
      ...settings,
    };
    skillett = await startSkillett(engine, { env });
    cleanup.add(skillett.close);
  });
  afterAll(cleanup.run);
  beforeEach(() => {
    Object.assign(server, pristine, { messages: [], calls: [] });
  });

  return {
    server: () => server,
    skillett: () => skillett,
    env: () => env,
    run: (endpoint: string, params: object, query = "") =>
      skillett.call("POST", `/v1/tracker/${endpoint}${query}`, { body: { params } }),
    /** Answers calls of tools in place of the server. */
    answerCall(write: (id: unknown, response: ServerResponse) => void) {
      server.intercept = (_, response, message) => {
        if (message?.method !== "tools/call") return false;
        write(message.id, response);
        return true;
      };
    },
  };
}

export function reply(id: unknown, response: ServerResponse, body: object): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ jsonrpc: "2.0", id, ...body }));
}

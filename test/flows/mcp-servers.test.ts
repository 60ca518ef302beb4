import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
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

const stream = { "content-type": "text/event-stream" };
const json = { "content-type": "application/json" };
const note = JSON.stringify({
  jsonrpc: "2.0",
  method: "notifications/message",
  params: { level: "info", data: 1 },
});

/** Goes on until the other side has left. */
function drip(response: ServerResponse, text: string): void {
  response.writeHead(200, stream);
  const timer = setInterval(() => response.write(text), 20);
  response.on("close", () => clearInterval(timer));
}

/** A hundred megabytes, as fast as they are taken. */
function flood(response: ServerResponse): void {
  const chunk = Buffer.alloc(1_000_000, " ");
  let left = 100;
  const write = (): void => {
    while (left-- > 0) if (!response.write(chunk)) return void response.once("drain", write);
    response.end();
  };
  write();
}

onEachEngine("tools of an MCP server", (engine) => {
  describe.each(eras)("a server of %s", (era: Era) => {
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
        SKILLETT_CALL_TIMEOUT_SECONDS: "1",
      };
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

    const answerCall = (write: (id: unknown, response: ServerResponse) => void) => {
      server.intercept = (_, response, message) => {
        if (message?.method !== "tools/call") return false;
        write(message.id, response);
        return true;
      };
    };
    const reply = (id: unknown, response: ServerResponse, body: object) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ jsonrpc: "2.0", id, ...body }));
    };

    it.each<[string, unknown, unknown]>([
      ["a plain text", { content: [{ type: "text", text: "done" }] }, "done"],
      ["a number in a text", { content: [{ type: "text", text: "42" }] }, "42"],
      ["a list in a text", { content: [{ type: "text", text: "[1,2]" }] }, [1, 2]],
      ["nothing", { content: [] }, null],
      [
        "several contents",
        {
          content: [
            { type: "text", text: "a" },
            { type: "text", text: "b" },
          ],
        },
        [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      ],
      [
        "a content that is not known",
        { content: [{ type: "hologram", x: 1 }] },
        [{ type: "hologram", x: 1 }],
      ],
      ["no content at all", {}, null],
      ["structured content that does not fit", { content: [], structuredContent: [1] }, [1]],
    ])("%s is an answer that can be read", async (_, result, data) => {
      answerCall((id, response) =>
        reply(id, response, { result: { resultType: "complete", ...(result as object) } }),
      );
      expect((await run("find_tickets", { words: "a" })).json).toEqual({ status: 200, data });
    });

    it("an image is bytes", async () => {
      server.answer = () => ({ content: [{ type: "image", data: "iVBORw0KGgo=", mimeType: "image/png" }] });
      expect((await run("find_tickets", { words: "a" })).json).toEqual({
        status: 200,
        encoding: "base64",
        content_type: "image/png",
        data: "iVBORw0KGgo=",
      });
    });

    it("an error of the tool is a refusal, and stands so in the log", async () => {
      server.answer = () => ({ isError: true, content: [{ type: "text", text: "No such ticket" }] });
      expect((await run("create_ticket", { title: "a" })).json).toEqual({
        status: 200,
        refused: { message: "No such ticket" },
        data: "No such ticket",
      });
      const { calls } = (await skillett.call("GET", "/v1/calls?limit=1")).json;
      expect(calls[0]).toMatchObject({
        endpoint: "create_ticket",
        status: "refused_upstream",
        effect: "write",
      });
    });

    it.each([
      [-32602, 400],
      [-32601, 404],
      [-32603, 500],
    ])("the error %d of JSON-RPC is a refusal with the status %d", async (code, status) => {
      answerCall((id, response) => reply(id, response, { error: { code, message: "No", data: { a: 1 } } }));
      const { json } = await run("find_tickets", { words: "a" });
      expect(json).toMatchObject({
        status,
        refused: { message: "No" },
        data: { code, message: "No", data: { a: 1 } },
      });
    });

    it.each<[string, (response: ServerResponse) => void, string]>([
      ["never answers", () => {}, "upstream_timeout"],
      ["streams on and on", (response) => drip(response, ": still there\n\n"), "upstream_timeout"],
      [
        "sends other messages on and on",
        (response) => drip(response, `data: ${note}\n\n`),
        "upstream_timeout",
      ],
      ["breaks off", (response) => response.destroy(), "upstream_unreachable"],
      [
        "ends a stream without an answer",
        (response) => response.writeHead(200, stream).end(),
        "upstream_unreachable",
      ],
      ["sends no JSON", (response) => response.writeHead(200, json).end("{"), "upstream_unreachable"],
      [
        "sends HTML",
        (response) => response.writeHead(200, { "content-type": "text/html" }).end("<p>"),
        "upstream_unreachable",
      ],
      [
        "answers another request",
        (response) => response.writeHead(200, json).end('{"jsonrpc":"2.0","id":"x","result":{}}'),
        "upstream_unreachable",
      ],
      ["sends 100 MB", (response) => flood(response.writeHead(200, json)), "upstream_unreachable"],
      ["streams 100 MB", (response) => flood(response.writeHead(200, stream)), "upstream_unreachable"],
      [
        "nests its answer",
        (response) => response.writeHead(200, json).end("[".repeat(1_000_000)),
        "upstream_unreachable",
      ],
    ])("a server that %s is given up, and the call may have been done", async (_, write, error) => {
      answerCall((_id, response) => write(response));
      const reading = await run("find_tickets", { words: "a" });
      expect(reading.json).toMatchObject({ error });
      expect(reading.json.outcome).toBeUndefined();
      const writing = await run("create_ticket", { title: "a" });
      expect(writing.json).toMatchObject({ error, outcome: "unknown", retryable: false });
    });

    it("a server that is away before the call has not done it", async () => {
      server.endSessions();
      server.intercept = (_, response) => {
        response.destroy();
        return true;
      };
      const fresh = await startSkillett(engine, { env });
      const { json } = await fresh.call("POST", "/v1/tracker/create_ticket", {
        body: { params: { title: "a" } },
      });
      expect(json).toMatchObject({ error: "upstream_unreachable", outcome: "not_done", retryable: true });
      await fresh.close();
    });

    it("a refusal of HTTP is handed on", async () => {
      answerCall((_, response) => response.writeHead(429, { "retry-after": "30" }).end("slow"));
      const { json } = await run("find_tickets", { words: "a" });
      expect(json).toMatchObject({ status: 429, hint: { class: "rate" }, page: { retry_after: 30 } });
    });

    it("a dry run shows the message, and sends nothing", async () => {
      const { json } = await run("find_tickets", { words: "a" }, "?dry_run=true");
      const params = { name: "tickets.find", arguments: { "search.words": "a" } };
      expect(json.request).toMatchObject({
        method: "POST",
        url: server.url,
        body: { method: "tools/call", params },
      });
      expect(server.messages).toEqual([]);
    });
  });
});

import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { type Era, eras } from "#support/mcp-stand-in.js";
import { onEachEngine, startSkillett } from "#support/skillett.js";
import { useTracker } from "./tracker-stage.js";

/** MCP servers that hang, flood, lie and break off. */

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

onEachEngine("odd MCP servers", (engine) => {
  describe.each(eras)("a server of %s", (era: Era) => {
    const { server, env, run, answerCall } = useTracker(engine, era, { SKILLETT_CALL_TIMEOUT_SECONDS: "1" });

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
      server().endSessions();
      server().intercept = (_, response) => {
        response.destroy();
        return true;
      };
      const fresh = await startSkillett(engine, { env: env() });
      const { json } = await fresh.call("POST", "/v1/tracker/create_ticket", {
        body: { params: { title: "a" } },
      });
      expect(json).toMatchObject({ error: "upstream_unreachable", outcome: "not_done", retryable: true });
      await fresh.close();
    });
  });
});

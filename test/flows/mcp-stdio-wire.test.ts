import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { afterEach, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { type Answers, startServer } from "#support/cli.js";
import { program } from "./program.js";

/** `skillett mcp`, line by line: what stands on its stdout, and how it ends. */

let cleanup = createCleanup();
afterEach(async () => {
  await cleanup.run();
  cleanup = createCleanup();
});

const never: Answers = () => expect.unreachable();

/** The program, before a server that answers as told. */
async function start(answers: Answers = never) {
  const server = await startServer(answers);
  cleanup.add(server.close);
  const child = spawn(process.execPath, [program, "mcp"], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, SKILLETT_URL: server.url, SKILLETT_API_KEY: "sk_secret" },
  });
  cleanup.add(async () => child.kill("SIGKILL"));
  const stderr = text(child.stderr);
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (line) => lines.push(line));
  const ended = once(child, "close");
  return {
    child,
    server,
    lines,
    stderr,
    ended,
    /** A line as it is, or a message. */
    send: (line: unknown) => child.stdin.write(`${typeof line === "string" ? line : JSON.stringify(line)}\n`),
    async answerTo(id: number) {
      const found = () => lines.map((line) => JSON.parse(line)).find((message) => message.id === id);
      while (!found()) await once(reader, "line");
      return found();
    },
  };
}

const initialize = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
};
const ping = (id: number) => ({ jsonrpc: "2.0", id, method: "ping" });
const run = (id: number) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name: "integration_run", arguments: { integration: "github", endpoint: "get_repo" } },
});

it("nothing but protocol stands on stdout, whatever comes in", async () => {
  const session = await start();
  session.send(initialize);
  await session.answerTo(0);
  const broken = [
    "sk_secret is no JSON",
    "",
    "{",
    "null",
    "42",
    '"text"',
    "[]",
    JSON.stringify([ping(50), ping(51)]),
    '{"jsonrpc":"1.0","id":52,"method":"ping"}',
    '{"jsonrpc":"2.0","id":53}',
    '{"jsonrpc":"2.0","id":{},"method":"ping"}',
    '{"jsonrpc":"2.0","result":{},"id":54}',
    "\u0000\u0001\ufffd",
    "x".repeat(1_000_000),
    "[".repeat(100_000),
  ];
  for (const line of broken) session.send(line);
  session.send({ jsonrpc: "2.0", id: 1, method: "nowhere/to/be/found" });
  session.send({ jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "no_such_tool" } });
  session.send({ jsonrpc: "2.0", id: 3, method: "tools/call" });
  session.send({ jsonrpc: "2.0", method: "notifications/nonsense" });
  session.send(ping(4));
  expect(await session.answerTo(1)).toMatchObject({ error: { code: -32601 } });
  expect(await session.answerTo(2)).toMatchObject({ error: { code: -32602 } });
  expect(await session.answerTo(3)).toMatchObject({ error: { code: -32602 } });
  expect(await session.answerTo(4)).toMatchObject({ result: {} });
  session.child.stdin.end();
  expect(await session.ended).toEqual([0, null]);
  for (const line of session.lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
  expect(await session.stderr).not.toContain("secret");
});

it("an end of stdin before any message ends the program", async () => {
  const session = await start();
  session.child.stdin.end();
  expect(await session.ended).toEqual([0, null]);
  expect(session.lines).toEqual([]);
  expect(await session.stderr).toBe("");
});

it("many calls at once are answered, and nothing else is written", async () => {
  const session = await start(() => ({ json: { integrations: [] } }));
  session.send(initialize);
  const ids = Array.from({ length: 50 }, (_, at) => at + 1);
  for (const id of ids)
    session.send({ jsonrpc: "2.0", id, method: "tools/call", params: { name: "integration_search" } });
  for (const id of ids)
    expect(await session.answerTo(id)).toMatchObject({ result: { structuredContent: { total: 0 } } });
  session.child.stdin.end();
  expect(await session.ended).toEqual([0, null]);
  expect(session.lines).toHaveLength(51);
  expect(await session.stderr).toBe("");
});

it("a cancelled request is cancelled at the server, and the session lives on", async () => {
  let tell = () => {};
  const gone = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const session = await start((_, response) => {
    response.once("close", tell);
    session.send({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } });
    return "handled";
  });
  session.send(initialize);
  session.send(run(1));
  await gone;
  session.send(ping(2));
  expect(await session.answerTo(2)).toMatchObject({ result: {} });
  expect(session.lines).toHaveLength(2);
});

const endings: [string, (child: Awaited<ReturnType<typeof start>>["child"]) => unknown][] = [
  ["the end of stdin", (child) => child.stdin.end()],
  ["SIGTERM", (child) => child.kill("SIGTERM")],
  ["Ctrl-C", (child) => child.kill("SIGINT")],
  ["a client that reads no more", (child) => child.stdout.destroy()],
];

it.each(endings)("%s breaks off the call under way, and ends the program quietly", async (_, end) => {
  let gone: Promise<unknown> | undefined;
  const session = await start((_, response) => {
    gone = once(response, "close");
    end(session.child);
    // Whoever writes notices that nobody reads.
    session.send(ping(2));
    return "handled";
  });
  session.child.stdin.on("error", () => {});
  session.send(initialize);
  session.send(run(1));
  expect(await session.ended).toEqual([0, null]);
  await gone;
  expect(session.server.received).toHaveLength(1);
  expect(await session.stderr).not.toMatch(/\n\s+at |Error:/);
});

it("every id is answered, whatever stands between two requests", async () => {
  const session = await start();
  session.send(initialize);
  await session.answerTo(0);
  const list = (id: number, more: object = {}) => ({ jsonrpc: "2.0", id, method: "tools/list", ...more });
  session.send(list(1));
  session.send(list(2, { params: null }));
  session.send(list(3, { params: { cursor: null, _meta: null } }));
  session.send(list(4, { params: [] }));
  session.send({ id: 5, method: "tools/list" });
  session.send({ jsonrpc: "2.0", id: 6 });
  session.send([list(7), list(8, { params: null })]);
  session.send(list(9));
  for (const id of [1, 2, 3, 7, 8, 9])
    expect((await session.answerTo(id)).result.tools.length).toBeGreaterThan(5);
  for (const id of [4, 5, 6]) expect((await session.answerTo(id)).error.code).toBe(-32600);
});

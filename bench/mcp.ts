import { mkdir } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { countTokens } from "gpt-tokenizer";
import { request } from "undici";
import {
  connectGithub,
  executor,
  installation,
  ownerKey,
  startProgram,
  startSkillett,
} from "./contestants.js";
import { describeMachine } from "./machine.js";
import { median } from "./measure.js";
import { measureReading } from "./reading.js";
import { cleanup, runBench } from "./run-bench.js";

/** Measures MCP: the tools and what they say in tokens of a model, and the time of a call beside the same call over REST. */

const { values } = parseArgs({
  options: { calls: { type: "string", default: "300" }, rounds: { type: "string", default: "7" } },
});

const run = {
  name: "integration_run",
  arguments: { integration: "github", endpoint: "get_repo", params: { repo: "acme/webapp" } },
};
const newerHeaders = {
  "mcp-protocol-version": "2026-07-28",
  "mcp-method": "tools/call",
  "mcp-name": run.name,
};
const newerMeta = {
  _meta: {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
  },
};

await runBench(10, bench);

type Call = () => Promise<void>;

async function bench(directory: string): Promise<void> {
  const { text } = await describeMachine(directory);
  say(`${text}\n\n`);
  const upstream = await cleanup.track(startProgram("upstream.ts"));
  const forwarder = await cleanup.track(startProgram("forwarder.ts", { UPSTREAM_URL: upstream.url }));
  const home = path.join(directory, "home");
  await mkdir(home, { mode: 0o700 });
  const one = installation("Skillett", home, { upstreamUrl: upstream.url });
  const { url } = await cleanup.track(startSkillett(one));
  const key = await ownerKey(one);
  await connectGithub(url, key);

  const older = await connect(url, key, "2025-11-25");
  const newer = await connect(url, key, "2026-07-28");
  showSizes((await newer.listTools()).tools);
  showReading(await measureReading(newer, one.env));
  await showTimes({
    "bare forwarder": overHttp(forwarder.url),
    "Skillett, REST": overHttp(url, key),
    "MCP 2025-11-25": overMcp(url, key, { "mcp-protocol-version": "2025-11-25" }, {}),
    "MCP 2026-07-28": overMcp(url, key, newerHeaders, newerMeta),
    "MCP 2025-11-25, SDK's client": byClient(older),
    "MCP 2026-07-28, SDK's client": byClient(newer),
  });
}

async function connect(url: string, key: string, version: string): Promise<Client> {
  const mode = version === "2026-07-28" ? { versionNegotiation: { mode: "auto" as const } } : {};
  const client = new Client({ name: "bench", version: "1.0.0" }, mode);
  const requestInit = { headers: { authorization: `Bearer ${key}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }));
  if (client.getNegotiatedProtocolVersion() !== version) throw new Error(`${version} was not agreed on`);
  cleanup.add(() => client.close());
  return client;
}

interface Listed {
  name: string;
  outputSchema?: unknown;
}

/** Most clients hand a model no output schemas, so that both are told. */
function showSizes(tools: Listed[]): void {
  const without = ({ outputSchema, ...tool }: Listed) => tool;
  const tokens = (value: unknown) => String(countTokens(JSON.stringify(value)));
  say("== tools/list: tokens of o200k_base ==\n");
  say(row("", ["without outputs", "with outputs"]));
  for (const tool of tools) say(row(tool.name, [tokens(without(tool)), tokens(tool)]));
  say(`${row("all", [tokens(tools.map(without)), tokens(tools)])}\n`);
}

function showReading(rows: Awaited<ReturnType<typeof measureReading>>): void {
  say("== what is read before a call: tokens of o200k_base ==\n");
  say(row("", ["describe", "skills", "--help"]));
  for (const [name, ...tokens] of rows)
    say(
      row(
        name,
        tokens.map((it) => String(it ?? "")),
      ),
    );
  say("\n");
}

function overHttp(url: string, key?: string): Call {
  const { body, ...target } = executor("", url, key).request("get_repo");
  return async () => {
    const answer = await request(target.url, {
      method: "POST",
      headers: target.headers,
      body: body as string,
    });
    if (JSON.parse(await answer.body.text()).status !== 200) throw new Error("the call failed");
  };
}

/** By the same client as REST, so that only the server's part differs. */
function overMcp(url: string, key: string, more: Record<string, string>, meta: object): Call {
  const headers = {
    authorization: `Bearer ${key}`,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...more,
  };
  const message = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { ...run, ...meta } };
  const body = JSON.stringify(message);
  return async () => {
    const answer = await request(`${url}/mcp`, { method: "POST", headers, body });
    const text = await answer.body.text();
    const { result } = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text);
    if (result?.structuredContent?.status !== 200) throw new Error(`the call failed: ${text.slice(0, 200)}`);
  };
}

/** As an MCP program does it. */
function byClient(client: Client): Call {
  return async () => {
    if ((await client.callTool(run)).isError) throw new Error("the call failed");
  };
}

/** One call after the other; the contestants take turns, so that what else the machine does meets all alike. */
async function showTimes(contestants: Record<string, Call>): Promise<void> {
  const [calls, rounds] = [Number(values.calls), Number(values.rounds)];
  const times = new Map(Object.keys(contestants).map((name) => [name, [] as number[]]));
  for (const call of Object.values(contestants)) await msPerCall(call, calls);
  for (let round = 0; round < rounds; round++)
    for (const [name, call] of Object.entries(contestants))
      times.get(name)!.push(await msPerCall(call, calls));
  const ratio = (name: string, base: string) =>
    `×${median(times.get(name)!.map((ms, round) => ms / times.get(base)![round]!)).toFixed(2)}`;
  say("== github get_repo, one call after the other; medians ==\n");
  say(row("", ["ms a call", "to REST", "to forwarder"]));
  for (const name of times.keys())
    say(
      row(name, [
        median(times.get(name)!).toFixed(2),
        ratio(name, "Skillett, REST"),
        ratio(name, "bare forwarder"),
      ]),
    );
}

async function msPerCall(call: Call, count: number): Promise<number> {
  const start = performance.now();
  for (let at = 0; at < count; at++) await call();
  return (performance.now() - start) / count;
}

function row(name: string, cells: string[]): string {
  return `${name.padEnd(32)}${cells.map((cell) => cell.padStart(14)).join("")}\n`;
}

function say(text: string): void {
  process.stdout.write(text);
}

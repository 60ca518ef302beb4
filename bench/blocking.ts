import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { closeServer, listen } from "#support/loopback.js";
import { type ReadyProcess, startReady } from "#support/ready-process.js";
import { claimInstance } from "#support/world.js";
import * as bodies from "./blocking-requests.js";
import { connectGithub, installation, ownerKey, skillettProgram } from "./contestants.js";
import { repository, user } from "./github-answers.js";
import { cleanup, runBench } from "./run-bench.js";

/** How long a second client waits for /health while one request, or a few at once, are answered. */

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    program: { type: "string", default: skillettProgram },
    only: { type: "string", default: "" },
  },
});
const mebibyte = 1024 * 1024;

await runBench(15, bench);

interface Stage {
  url: string;
  key: string;
  sourceUrl: string;
  /** As the owner, by a session. */
  visit(method: string, at: string, body?: unknown): Promise<number>;
}

type Send = (stage: Stage) => Promise<number>;

interface Case {
  name: string;
  /** Answers with the status. */
  send: Send;
  /** Prepares the case; not measured. */
  before?: Send;
}

async function bench(directory: string): Promise<void> {
  const service = await startService();
  const cases = (await allCases()).filter(({ name }) => name.includes(values.only));
  const best = new Map<string, { wait: number; memory: number; status: number; ms: number }>();
  for (let round = 0; round < Number(values.rounds); round++) {
    const home = path.join(directory, `round-${round}`);
    await mkdir(home, { mode: 0o700 });
    const { stage, server } = await startStage(home, service);
    const probe = startProber(server.url);
    for (const { name, send, before } of cases) {
      await before?.(stage);
      const { wait, memory, status, ms } = await measure(probe, server, () => send(stage));
      const known = best.get(name);
      best.set(name, {
        wait: Math.min(wait, known?.wait ?? wait),
        memory: Math.min(memory, known?.memory ?? memory),
        ms: Math.min(ms, known?.ms ?? ms),
        status,
      });
    }
    probe.end();
    await server.stop();
  }
  say(row("request", ["status", "took ms", "longest wait ms", "memory peak MB"]));
  for (const [name, { status, ms, wait, memory }] of best)
    say(row(name, [status, Math.round(ms), Math.round(wait), Math.round(memory)].map(String)));
}

/** GitHub, as far as it is asked, and a source of skills that is larger than it looks. */
async function startService(): Promise<string> {
  const pages = bodies.greedySource(17);
  pages.set("/user", user);
  pages.set("/repos/acme/webapp", repository);
  pages.set("/repos/acme/webapp/issues?per_page=100", bodies.longAnswer(7_900_000));
  const server = createServer((request, response) => {
    const page = pages.get(request.url ?? "");
    response.writeHead(page ? 200 : 404, { "content-type": "application/json" }).end(page ?? "{}");
  });
  cleanup.add(() => closeServer(server));
  return listen(server);
}

async function startStage(
  home: string,
  upstreamUrl: string,
): Promise<{ stage: Stage; server: ReadyProcess }> {
  const one = installation("Skillett", home, { upstreamUrl });
  const env = { ...one.env, SKILLETT_SIGN_UP: "open", SKILLETT_ALLOW_HOSTS: new URL(upstreamUrl).host };
  const args = [values.program, "up", "--port", "0", "--data", home];
  const server = await cleanup.track(startReady(process.execPath, args, { env }));
  const key = await ownerKey(one);
  await connectGithub(server.url, key);
  const [, claimToken = ""] = /token=([\w-]+)/.exec(server.stderr())!;
  const owner = await claimInstance({ url: server.url, claimToken });
  const visit: Stage["visit"] = async (method, at, body) => (await owner.call(method, at, body)).status;
  return { stage: { url: server.url, key, sourceUrl: upstreamUrl, visit }, server };
}

interface Prober {
  ask(word: "begin" | "end"): Promise<{ maxWait: number }>;
  end(): void;
}

function startProber(url: string): Prober {
  const file = fileURLToPath(import.meta.resolve("./prober.ts"));
  const child = fork(file, [url], { execArgv: ["--import", "tsx"] });
  cleanup.add(async () => child.kill());
  return {
    async ask(word) {
      child.send(word);
      const [answer] = await once(child, "message");
      return answer;
    },
    end: () => child.disconnect(),
  };
}

async function measure(probe: Prober, { child }: ReadyProcess, send: () => Promise<number>) {
  forgetPeak(child.pid!);
  await probe.ask("begin");
  const start = performance.now();
  const status = await send();
  const ms = performance.now() - start;
  const { maxWait } = await probe.ask("end");
  return { status, ms, wait: maxWait, memory: peakMegabytes(child.pid!) };
}

/** @see proc(5): 5 in clear_refs resets the peak. Elsewhere than on Linux there is no figure. */
function forgetPeak(pid: number): void {
  if (process.platform === "linux") writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

function peakMegabytes(pid: number): number {
  if (process.platform !== "linux") return Number.NaN;
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+)/.exec(status)![1]) / 1024;
}

async function allCases(): Promise<Case[]> {
  const json = (at: string, body: string, withKey = true): Send =>
    post(at, "application/json", Buffer.from(body), withKey);
  const zip = (at: string, body: Buffer): Send => post(at, "application/zip", body);
  const many = await Promise.all(["one", "two"].map((text) => bodies.manyFiles(5000, text)));
  const lines = await Promise.all(["a", "b"].map((seed) => bodies.textOfLines(mebibyte - 100, seed)));
  const run = (endpoint: string, query: string, body: string) => json(`/v1/github/${endpoint}${query}`, body);
  const issues = JSON.stringify({ params: { repo: "acme/webapp", per_page: 100 } });
  const visit =
    (method: string, at: string, body?: (stage: Stage) => unknown): Send =>
    (stage) =>
      stage.visit(method, at, body?.(stage));
  const publish = "/v1/registry/import?replace=true";
  return [
    { name: "nothing at all", send: () => new Promise((resolve) => setTimeout(resolve, 300, 0)) },
    {
      name: "form of 199 KB, no key",
      send: post(
        "/auth/device/code",
        "application/x-www-form-urlencoded",
        Buffer.from(bodies.manyFields(199_000)),
        false,
      ),
    },
    {
      name: "form of 16 KB, no key",
      send: post(
        "/auth/device/code",
        "application/x-www-form-urlencoded",
        Buffer.from(bodies.manyFields(16_000)),
        false,
      ),
    },
    {
      name: "10 MB of white space, no key",
      send: json("/auth/device/code", bodies.whiteSpace(10_000_000), false),
    },
    {
      name: "the same, eight at once",
      send: atOnce(8, json("/auth/device/code", bodies.whiteSpace(10_000_000), false)),
    },
    { name: "10 MB of empty lists to a call", send: run("create_issue", "", bodies.emptyLists(10_000_000)) },
    { name: "10 MB of names to a call", send: run("create_issue", "", bodies.manyNames(10_000_000)) },
    { name: "40,000 wrong names to a call", send: run("create_issue", "", bodies.wrongNames(40_000)) },
    {
      name: "10 MB of text, dry run",
      send: run("create_issue", "?dry_run=true", bodies.longText(10_000_000)),
    },
    { name: "10 MB of empty lists to /mcp", send: json("/mcp", bodies.emptyLists(10_000_000)) },
    { name: "10 MB of one text to /mcp", send: json("/mcp", bodies.toolCall([10_000_000])) },
    {
      name: "10 MB of short texts to /mcp",
      send: json("/mcp", bodies.toolCall(Array.from({ length: 2_000 }, () => 5_000))),
    },
    { name: "answer of 8 MB, in pages", send: run("list_issues_for_repo", "?max_chars=1000", issues) },
    { name: "answer of 8 MB, fields of it", send: run("list_issues_for_repo", "?fields=id", issues) },
    {
      name: "import of 10 MB SKILL.md of lines",
      send: zip(publish, await bodies.hugeSkill("word\n".repeat(2_100_000))),
    },
    {
      name: "import of 10 MB SKILL.md of links",
      send: zip(publish, await bodies.hugeSkill(bodies.manyFields(9_000_000).replaceAll("=&", ") [a](b"))),
    },
    { name: "reading its version", send: visit("GET", "/api/skills/huge/versions/1.0.1") },
    { name: "import of 5,000 files", send: zip(publish, many[0]!) },
    { name: "validating 5,000 files", send: zip("/v1/registry/validate", many[1]!) },
    { name: "zip of 5,000 files", send: visit("GET", "/api/skills/many/export") },
    {
      name: "diff of 5,000 files",
      before: zip(publish, many[1]!),
      send: visit("GET", "/api/skills/many/diff?from=1.0.0&to=1.0.1"),
    },
    {
      name: "diff of 1 MB of lines",
      before: async (stage) => {
        await zip(publish, lines[0]!)(stage);
        return zip(publish, lines[1]!)(stage);
      },
      send: visit("GET", "/api/skills/lines/diff?from=1.0.0&to=1.0.1"),
    },
    { name: "import of 2,000 skills", send: zip(publish, await bodies.manySkills(2000, 20_000)) },
    { name: "first search question", send: visit("GET", "/api/skills?q=aaxy") },
    {
      name: "sign-in, 16 at once",
      send: atOnce(
        16,
        json(
          "/auth/sign-in/email",
          JSON.stringify({ email: "owner@bench.example", password: "not this one" }),
          false,
        ),
      ),
    },
    {
      name: "source of 17 archives, 1.6 GB",
      send: visit("POST", "/api/listings/sources", ({ sourceUrl }) => ({ name: "greedy", url: sourceUrl })),
    },
  ];
}

function post(at: string, type: string, body: Buffer, withKey = true): Send {
  return async ({ url, key }) => {
    const headers = {
      "content-type": type,
      accept: "application/json, text/event-stream",
      ...(withKey ? { authorization: `Bearer ${key}` } : { origin: url }),
    };
    try {
      const response = await fetch(url + at, { method: "POST", headers, body: new Uint8Array(body) });
      await response.arrayBuffer();
      return response.status;
    } catch {
      // The server has closed the connection rather than read all of it.
      return 413;
    }
  };
}

function atOnce(count: number, send: Send): Send {
  return async (stage) => Math.max(...(await Promise.all(Array.from({ length: count }, () => send(stage)))));
}

function row(name: string, cells: string[]): string {
  return `${name.padEnd(36)}${cells.map((cell) => cell.padStart(17)).join("")}\n`;
}

function say(text: string): void {
  process.stdout.write(text);
}

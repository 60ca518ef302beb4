import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type { Cleanup } from "#support/cleanup.js";
import { startGithub } from "#support/github-stand-in.js";
import { startReady } from "#support/ready-process.js";

/** A program as it was installed, and where it may write. */
export interface Installed {
  /** The command that runs `skillett` there: a program and its first arguments. */
  command: [string, ...string[]];
  /** The environment of its server and of its CLI, but for PATH. */
  env: Record<string, string>;
  /** Arguments of `up` beside the port. */
  up: string[];
  /** An empty folder, as this process and as the program see it. */
  folder: { here: string; there: string };
}

/**
 * Uses an installed program once in each way that has a file or a package of its own: the server, a call by the CLI, MCP
 * over stdio, a thread of the pool, the authorization server, the pages. The service is a stand-in on this machine.
 *
 * @throws at the first thing that does not work, with what was said
 */
export async function tryProgram(installed: Installed, cleanup: Cleanup): Promise<void> {
  const github = await startGithub();
  cleanup.add(github.close);
  const [program, ...first] = installed.command;
  const env = { ...installed.env, SKILLETT_GITHUB_BASE_URL: github.url };
  const up = [...first, "up", "--port", "0", ...installed.up];
  const server = await cleanup.track(startReady(program, up, { env }));
  say(`up: listens on ${server.url}`);

  await get(`${server.url}/health`, '"status":"ok"');
  await get(`${server.url}/ready`, '"status":"ready"');
  await get(`${server.url}/sign-in`, "<script");
  say("its probes and pages answer");

  const skillett = (args: string[], input?: string) => run([program, ...first, ...args], env, input);
  await skillett(["connect", "github", "--token", "-"], github.mintToken());
  const issue = ["--repo", "acme/webapp", "--title", "Installed"];
  const made = await skillett(["run", "github", "create_issue", ...issue, "--fields", "title"]);
  if (JSON.parse(made).data.title !== "Installed") throw new Error(`run: the answer was ${made}`);
  say("run: an issue was created");

  await skillett(["skill", "push", makeSkill(installed)]);
  say("skill push: an archive was read, on a thread of the pool");

  const response = await fetch(`${server.url}/oauth/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ client_name: "Trial", redirect_uris: ["http://127.0.0.1:8400/callback"] }),
  });
  if (response.status !== 201)
    throw new Error(`/oauth/register: ${response.status} ${await response.text()}`);
  say("oauth: a client was registered");

  await tryMcp(installed);
}

/**
 * Uses the package that has the CLI alone, with the login of the program that was tried before: help, a call, MCP over
 * stdio. The command that needs the server names the package that has it.
 *
 * @throws at the first thing that does not work, with what was said
 */
export async function tryCli(cli: Pick<Installed, "command" | "env">): Promise<void> {
  const skillett = (...args: string[]) => run([...cli.command, ...args], cli.env);
  const help = await skillett("--help");
  if (!help.startsWith("Usage: skillett")) throw new Error(`--help: the answer was ${help}`);
  const { profile } = JSON.parse(await skillett("whoami"));
  const made = await skillett("run", "github", "get_authenticated_user", "--fields", "login");
  say(`whoami: ${profile.id}; run: ${made.trim()}`);
  const refused = await skillett("up").catch(({ message }: Error) => message);
  if (!refused.includes("npx skillett up")) throw new Error(`up: the answer was ${refused}`);
  const config = JSON.parse(await skillett("mcp", "--print-config", "cursor"));
  const { command, args } = config.mcpServers.skillett;
  if ([command, ...args].join(" ") !== "npx -y @skillett/cli mcp")
    throw new Error(`mcp --print-config: the answer was ${JSON.stringify(config)}`);
  await tryMcp(cli);
}

/** A folder of a skill; answers with its path as the program sees it. */
function makeSkill({ folder }: Installed): string {
  const skill = path.join(folder.here, "installed-trial");
  mkdirSync(skill);
  writeFileSync(
    path.join(skill, "SKILL.md"),
    "---\nname: installed-trial\ndescription: Shows that archives are read. Use it never.\n---\n\nNothing.\n",
  );
  return path.posix.join(folder.there, "installed-trial");
}

async function tryMcp({ command, env }: Pick<Installed, "command" | "env">): Promise<void> {
  const client = new Client({ name: "trial", version: "0.0.0" });
  const [program, ...first] = command;
  const started = {
    command: program,
    args: [...first, "mcp"],
    env: { PATH: process.env.PATH ?? "", ...env },
  };
  await client.connect(new StdioClientTransport({ ...started, stderr: "inherit" }));
  try {
    const { tools } = await client.listTools();
    const args = { integration: "github", endpoint: "get_authenticated_user", params: {} };
    const { isError, content } = await client.callTool({ name: "integration_run", arguments: args });
    if (isError) throw new Error(`mcp: ${JSON.stringify(content)}`);
    say(`mcp: ${tools.length} tools, one of them called`);
  } finally {
    await client.close();
  }
}

async function get(url: string, expected: string): Promise<void> {
  const response = await fetch(url);
  const body = await response.text();
  if (response.status !== 200 || !body.includes(expected))
    throw new Error(`${url} answered ${response.status}: ${body.slice(0, 500)}`);
}

/** Runs to the end. @returns what it wrote to stdout; throws with all it wrote when it fails */
async function run(command: string[], env: Record<string, string>, input = ""): Promise<string> {
  const [program, ...args] = command;
  const child = spawn(program!, args, { env: { PATH: process.env.PATH, ...env } });
  child.stdin.end(input);
  const ended = new Promise((resolve) => child.once("close", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const code = await ended;
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}\n${stderr}${stdout}`);
  return stdout;
}

/** One line of progress. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { createCleanup, endOnSignals } from "#support/cleanup.js";
import { startGithub } from "#support/github-stand-in.js";
import { startReady } from "#support/ready-process.js";

/** The tour: a real server, the real CLI, and a GitHub on this machine. Needs no account and keeps nothing. */

const program = fileURLToPath(import.meta.resolve("../dist/skillett.js"));
const limitMs = 2 * 60_000;

const cleanup = createCleanup();
endOnSignals(cleanup, limitMs);
try {
  await tour();
} catch (error) {
  process.stderr.write(`\nThe demo failed: ${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  await cleanup.run();
}

async function tour(): Promise<void> {
  heading("A Skillett server and a stand-in for GitHub start on this machine");
  const directory = mkdtempSync(path.join(tmpdir(), "skillett-demo-"));
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  const github = await startGithub();
  cleanup.add(github.close);
  const env = {
    HOME: directory,
    SKILLETT_CONFIG_FILE: path.join(directory, "config.json"),
    SKILLETT_GITHUB_BASE_URL: github.url,
  };
  const up = ["up", "--port", "0", "--data", directory];
  show(up);
  const server = await cleanup.track(startReady(process.execPath, [program, ...up], { env }));
  say(`Skillett is at ${server.url}, the stand-in at ${github.url}.`);

  heading("A person connects GitHub; the token goes in on stdin and never comes out again");
  const token = github.mintToken();
  const skillett = (args: string[], input = "") => command(args, input, env, token);
  await skillett(["connect", "github", "--token", "-"], token);

  heading("An agent creates an issue");
  const title = "Checkout button does nothing on Safari";
  const issue = ["--repo", "acme/webapp", "--title", title, "--labels", "bug,priority"];
  await skillett(["run", "github", "create_issue", ...issue, "--fields", "number,title,html_url"]);

  heading("It reads what is open, and finds the new one");
  const open = ["--repo", "acme/webapp", "--labels", "bug", "--fields", "number,title"];
  const listed = await skillett(["run", "github", "list_issues_for_repo", ...open]);
  expect(listed.includes(title), "the new issue is not in the list");

  heading("Every call is in the audit log, written before it went out");
  const log = JSON.parse(await skillett(["calls"]));
  expect(log.calls.length === 2, `the audit log has ${log.calls.length} calls, not 2`);
  expect(!server.stderr().includes(token), "the server's log shows the token");
  say(
    `GitHub was asked ${github.requests.length} times, each time with the token. Nothing above has shown it.`,
  );

  heading("For real");
  say(
    "Start your own server and leave it running:",
    "  npm start",
    "Connect your GitHub in another terminal. It asks for a token from https://github.com/settings/tokens:",
    "  node dist/skillett.js connect github",
    "And let your agents work:",
    "  node dist/skillett.js skills github",
    '  node dist/skillett.js run github create_issue --repo <owner>/<name> --title "Hello"',
    "",
  );
}

/** Runs the CLI as a person would and shows what it says. @returns what it wrote to stdout */
async function command(
  args: string[],
  input: string,
  env: Record<string, string>,
  token: string,
): Promise<string> {
  show(input ? [...args, "<", "token.txt"] : args);
  const child = spawn(process.execPath, [program, ...args], { env: { PATH: process.env.PATH, ...env } });
  child.stdin.end(input);
  const ended = new Promise((resolve) => child.once("close", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const code = await ended;
  expect(code === 0, `skillett ${args[0]} ended with ${code}\n${stderr}${stdout}`);
  expect(!`${stdout}${stderr}`.includes(token), `skillett ${args[0]} showed the token`);
  say(JSON.stringify(JSON.parse(stdout), null, 2));
  return stdout;
}

function expect(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

function heading(text: string): void {
  process.stdout.write(`\n${paint("1", text)}\n`);
}

function show(args: string[]): void {
  const parts = args.map((word) => (/^[\w/,.:<-]+$/.test(word) ? word : JSON.stringify(word)));
  process.stdout.write(`${paint("36", `$ skillett ${parts.join(" ")}`)}\n`);
}

function say(...lines: string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}

/** @param style SGR code: 1 is bold, 36 is cyan */
function paint(style: string, text: string): string {
  return process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[${style}m${text}\u001b[0m` : text;
}

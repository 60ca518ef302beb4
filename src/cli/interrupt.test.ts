import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { type Answers, startServer } from "#support/cli.js";

const program = fileURLToPath(new URL("../main/bin.ts", import.meta.url));

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Begins a sign-in against a server, in a process of its own; resolves once it waits for the person. */
async function startConnect(answers: Answers): Promise<ChildProcess> {
  const begun = { json: { connection_id: "conn_1", oauth_url: "https://github.test/" } };
  const server = await startServer((request, response) =>
    request.method === "POST" ? begun : answers(request, response),
  );
  closers.push(server.close);
  const child = spawn(process.execPath, ["--import", "tsx", program, "connect", "github", "--no-browser"], {
    env: { ...process.env, SKILLETT_URL: server.url, SKILLETT_API_KEY: "sk_1" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  closers.push(() => child.kill("SIGKILL"));
  let words = "";
  for await (const chunk of child.stderr!) {
    words += chunk;
    if (words.includes("Waiting until")) break;
  }
  return child;
}

test("Ctrl-C while signing in gives up the link and ends with 130", async () => {
  const asked: string[] = [];
  const child = await startConnect(({ method, url }) => {
    asked.push(`${method} ${url}`);
    return { status: 204, text: "" };
  });
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([130, null]);
  expect(asked).toEqual(["DELETE /v1/connect/conn_1"]);
});

test("a second Ctrl-C ends at once, whatever the server does", async () => {
  let child: ChildProcess;
  child = await startConnect(() => {
    child.kill("SIGINT");
    return "handled";
  });
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([null, "SIGINT"]);
});

test("Ctrl-C while logging in keeps nothing and ends with 130", async () => {
  const directory = mkdtempSync(join(tmpdir(), "skillett-"));
  closers.push(() => rmSync(directory, { recursive: true }));
  const grant = {
    device_code: "d",
    user_code: "WDJB-MJHT",
    verification_uri: "http://skills.test/device",
    verification_uri_complete: "http://skills.test/device?user_code=WDJB-MJHT",
    expires_in: 900,
    interval: 5,
  };
  const server = await startServer(() => ({ json: grant }));
  closers.push(server.close);
  const file = join(directory, "config.json");
  const child = spawn(
    process.execPath,
    ["--import", "tsx", program, "login", "--json", "--no-browser", "--url", server.url],
    { env: { ...process.env, SKILLETT_CONFIG_FILE: file }, stdio: ["ignore", "pipe", "ignore"] },
  );
  closers.push(() => child.kill("SIGKILL"));
  const [line] = await once(child.stdout!, "data");
  expect(JSON.parse(line)).toMatchObject({ status: "pending", user_code: "WDJB-MJHT" });
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([130, null]);
  expect(existsSync(file)).toBe(false);
});

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { type Answers, startServer } from "#cli/stand-in.js";

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

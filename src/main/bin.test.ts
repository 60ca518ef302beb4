import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { startServer } from "#support/cli.js";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Starts the real program for one call; `answer` writes the server's answer. */
async function startRun(answer: (response: ServerResponse) => void): Promise<ChildProcess> {
  const server = await startServer(({ method }, response) => {
    if (method === "GET") return { json: { integration: "a", endpoint: "b", params: {} } };
    answer(response);
    return "handled";
  });
  const env = { ...process.env, SKILLETT_URL: server.url, SKILLETT_API_KEY: "sk_1" };
  const child = spawn(process.execPath, ["--import", "tsx", "src/main/bin.ts", "run", "a", "b"], { env });
  closers.push(() => child.kill("SIGKILL"), server.close);
  return child;
}

const megabyte = Buffer.alloc(1 << 20, "x");
const head = { "content-type": "application/json" };

function* bigAnswer() {
  yield '{"status":200,"data":"';
  for (let count = 0; count < 30; count++) yield megabyte;
  yield '"}';
}

test("a big answer passes byte for byte", async () => {
  const child = await startRun((response) => Readable.from(bigAnswer()).pipe(response.writeHead(200, head)));
  const [got, expected] = [createHash("sha256"), createHash("sha256")];
  for await (const chunk of child.stdout!) got.update(chunk);
  for (const chunk of bigAnswer()) expected.update(chunk);
  expect(got.digest("hex")).toBe(expected.update("\n").digest("hex"));
});

test("a reader that leaves ends the program quietly, and the server is told", async () => {
  let gone: Promise<unknown> | undefined;
  const child = await startRun((response) => {
    gone = once(response, "close");
    Readable.from(bigAnswer()).pipe(response.writeHead(200, head));
  });
  const words = text(child.stderr!);
  await once(child.stdout!, "data");
  child.stdout!.destroy();
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(await words).toBe("");
  await gone;
});

test("Ctrl-C cancels the call and exits with 130", async () => {
  let gone: Promise<unknown> | undefined;
  const child = await startRun((response) => {
    gone = once(response, "close");
    child.kill("SIGINT");
  });
  expect(await once(child, "exit")).toEqual([130, null]);
  await gone;
});

import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { createNodeTransport } from "#cli/server/transport.js";
import { readText } from "#client/client.js";
import { type Answers, startServer } from "#support/cli.js";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function send(answers: Answers, options: { timeoutMs?: number; signal?: AbortSignal } = {}) {
  const server = await startServer(answers);
  closers.push(server.close);
  const request = {
    method: "POST",
    url: `${server.url}/x`,
    headers: { a: "b" },
    body: "ü",
    signal: options.signal,
  };
  const reply = createNodeTransport({}, options.timeoutMs)(request);
  return { reply, received: server.received };
}

test("a request sends headers and body, and its reply has status, headers and bytes", async () => {
  const { reply, received } = await send(() => ({ status: 418, text: "é" }));
  const { status, headers } = await reply;
  expect({ status, type: headers["content-type"] }).toEqual({ status: 418, type: "application/json" });
  expect(await readText(await reply)).toBe("é");
  expect(received).toMatchObject([
    { method: "POST", url: "/x", body: "ü", headers: { a: "b", "content-length": "2" } },
  ]);
});

test("a silent server is a timeout, before the answer and within it", async () => {
  const before = await send(() => "handled", { timeoutMs: 30 });
  await expect(before.reply).rejects.toMatchObject({ name: "NetworkError", code: "ETIMEDOUT" });
  // Long enough for the beginning of the answer to arrive on a busy machine.
  const within = await send(
    (_, response) => {
      response.writeHead(200).write("{");
      return "handled";
    },
    { timeoutMs: 1_000 },
  );
  await expect(readText(await within.reply)).rejects.toMatchObject({
    name: "NetworkError",
    code: "ETIMEDOUT",
  });
});

test("an aborted body throws the signal's reason, and the server is told", async () => {
  const controller = new AbortController();
  let response: ServerResponse | undefined;
  const { reply } = await send(
    (_, given) => {
      response = given;
      given.writeHead(200).write("{");
      return "handled";
    },
    { signal: controller.signal },
  );
  const body = readText(await reply);
  controller.abort(new Error("enough"));
  await expect(body).rejects.toThrow("enough");
  if (!response?.closed) await once(response!, "close");
});

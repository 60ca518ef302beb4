import { expect, test } from "vitest";
import { startReady } from "#support/ready-process.js";

const node = (script: string, env: Record<string, string> = {}, timeoutMs?: number) =>
  startReady(process.execPath, ["-e", script], { env, ...(timeoutMs ? { timeoutMs } : {}) });

const ready = `console.log(JSON.stringify({ status: "ready", url: "http://127.0.0.1:1" }));`;

test("a start waits for the ready line, keeps stderr, and can be stopped", async () => {
  const program = await node(
    `console.error("hello " + process.env.WHO); ${ready} setInterval(() => {}, 1000)`,
    {
      WHO: "world",
    },
  );
  expect(program.url).toBe("http://127.0.0.1:1");
  expect(program.child.exitCode).toBeNull();
  await program.stop();
  expect(program.child.signalCode).toBe("SIGTERM");
  expect(program.stderr()).toBe("hello world\n");
  await program.stop();
});

test.each([
  ["ends", `console.error("no such folder"); process.exit(3)`, /it ended with 3\nno such folder/],
  [
    "says something else",
    `console.log('{"status":"failed"}'); setInterval(() => {}, 1000)`,
    /it said \{"status":"failed"\}/,
  ],
])("a start is rejected when the program %s instead", async (_, script, message) => {
  await expect(node(script)).rejects.toThrow(message);
});

test("a start is rejected when the program stays silent", async () => {
  await expect(node("setInterval(() => {}, 1000)", {}, 200)).rejects.toThrow(/did not become ready/);
});

test("a start is rejected when there is no such program", async () => {
  await expect(startReady("/nonexistent/program", [])).rejects.toThrow(/ENOENT/);
});

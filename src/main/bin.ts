#!/usr/bin/env node
import { runCli } from "#cli/cli.js";

// A reader that leaves (`| head`) is noticed by the code that writes; without a listener it would be a crash.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

void runCli(process.argv.slice(2), {
  env: process.env,
  stdin: () => process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  interrupted: () => abortedBy("SIGINT"),
  ended: () => abortedBy("SIGINT", "SIGTERM"),
  program: [process.execPath, ...process.argv.slice(1, 2)],
  // Both are loaded when they are needed: most commands, and `run` above all, need neither.
  openBrowser: async (url) => {
    const { default: open } = await import("open");
    await open(url);
  },
  sleep: async (ms, signal) => {
    const { setTimeout } = await import("node:timers/promises");
    await setTimeout(ms, undefined, { signal });
  },
  now: () => performance.now(),
  up: async (options) => {
    const { up } = await import("#main/up.js");
    await up(options, process.env);
  },
}).then((code) => {
  process.exitCode = code;
});

function abortedBy(...signals: NodeJS.Signals[]): AbortSignal {
  const controller = new AbortController();
  for (const signal of signals) process.once(signal, () => controller.abort());
  return controller.signal;
}

import { open } from "node:fs/promises";
import { availableParallelism } from "node:os";
import path from "node:path";
import { median } from "./measure.js";

const samples = 50;

/** Facts that the figures depend on: cores, Node, and the time of one durable write in the data directory. */
export async function describeMachine(directory: string) {
  const facts = {
    cores: availableParallelism(),
    node: process.versions.node,
    fsyncMs: await fsyncMs(path.join(directory, "fsync")),
  };
  const text = `${facts.cores} cores, Node ${facts.node}, one fsync takes ${facts.fsyncMs.toFixed(2)} ms`;
  return { facts, text };
}

async function fsyncMs(name: string): Promise<number> {
  const file = await open(name, "w");
  const times: number[] = [];
  for (let i = 0; i < samples; i++) {
    const start = performance.now();
    await file.write(Buffer.alloc(4096));
    await file.sync();
    times.push(performance.now() - start);
  }
  await file.close();
  return median(times);
}

import { spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forgetPeak, memory } from "#support/process-memory.js";
import type { ReadyProcess } from "#support/ready-process.js";
import { type Depot, startDepot } from "./depot.js";
import { createSite, program, type Site } from "./program.js";

/** A file of 200 MB goes through in chunks: neither the server nor the CLI ever holds it. */

const fileMiB = 200;
const maxGrowthMiB = 100;
const MiB = 1024 * 1024;

describe.skipIf(process.platform !== "linux")("memory for files", () => {
  let directory: string;
  let depot: Depot;
  let site: Site;
  let server: ReadyProcess;
  const file = (name: string) => path.join(directory, name);
  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), "skillett-memory-"));
    for (const [name, size] of Object.entries({ small: 8, large: fileMiB })) {
      const chunks = Array.from({ length: size }, () => Buffer.alloc(MiB, name));
      await pipeline(Readable.from(chunks), createWriteStream(file(name)));
    }
    depot = await startDepot();
    site = await createSite("sqlite", {
      SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/depot", import.meta.url).pathname,
      SKILLETT_DEPOT_BASE_URL: depot.url,
      SKILLETT_MAX_FILE_MB: String(fileMiB),
    });
    server = await site.up();
    await site.call("POST", "/v1/connect", {
      integration: "depot",
      credentials: { token: "token-0123456789" },
    });
  });
  afterAll(async () => {
    await site?.close();
    await depot?.close();
    rmSync(directory, { recursive: true });
  });

  /** Sends a file through; gives the exit code and the most memory of the command, in MiB. */
  async function send(name: string): Promise<{ code: number | null; peak: number }> {
    const command = ["run", "depot", "put_object", "--key", name, "--file", `@${file(name)}`];
    const env = { ...process.env, SKILLETT_URL: server.url, SKILLETT_API_KEY: await site.key() };
    const child = spawn(process.execPath, [program, ...command], { env, stdio: "ignore" });
    let peak = 0;
    const watch = setInterval(() => {
      try {
        peak = Math.max(peak, memory(child.pid!, "VmHWM") || 0);
      } catch {
        // It has ended.
      }
    }, 20);
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    clearInterval(watch);
    return { code, peak };
  }

  it("the memory of server and command stays where it is while a file goes up and out", async () => {
    const { pid } = server.child;
    const first = await send("small");
    expect(first.code).toBe(0);
    forgetPeak(pid!);
    const before = memory(pid!, "VmRSS");
    const second = await send("large");
    expect(second.code).toBe(0);
    expect(depot.received.at(-1)).toMatchObject({ path: "/objects/large", size: fileMiB * MiB });
    const growth = [memory(pid!, "VmHWM") - before, second.peak - first.peak];
    for (const one of growth) expect(one).toBeLessThan(maxGrowthMiB);
  }, 120_000);
});

import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FaultUpstream, startFaultUpstream } from "#support/fault-upstream.js";
import { forgetPeak, memory } from "#support/process-memory.js";
import type { ReadyProcess } from "#support/ready-process.js";
import { createSite, program, type Site } from "./program.js";

/** A body of 100 MB goes through in pieces: neither the server nor the CLI ever holds it. */

const bodyMiB = 100;
const maxGrowthMiB = 50;
const MiB = 1024 * 1024;

describe.skipIf(process.platform !== "linux")("memory", () => {
  let upstream: FaultUpstream;
  let site: Site;
  let server: ReadyProcess;
  beforeAll(async () => {
    upstream = await startFaultUpstream();
    site = await createSite("sqlite", { SKILLETT_ODD_BASE_URL: upstream.url });
    server = await site.up();
    await site.call("POST", "/v1/connect", {
      integration: "odd",
      credentials: { token: "token-0123456789" },
    });
  });
  afterAll(async () => {
    await site?.close();
    await upstream?.close();
  });

  /** @returns how many bytes came */
  async function get(mb: number, type: string): Promise<number> {
    const response = await fetch(`${server.url}/v1/odd/get_path`, {
      method: "POST",
      headers: { authorization: `Bearer ${await site.key()}`, "content-type": "application/json" },
      body: JSON.stringify({ params: { path: "huge", mb, type } }),
    });
    let size = 0;
    for await (const chunk of response.body!) size += chunk.length;
    return size;
  }

  const growth: Record<string, number> = { json: 1, text: 1, binary: 4 / 3 };
  for (const [type, factor] of Object.entries(growth)) {
    it(`the memory of the server stays where it is while ${bodyMiB} MB of ${type} pass`, async () => {
      const { pid } = server.child;
      // What a first call needs for itself: compiled code, buffers, a larger heap.
      await get(20, type);
      forgetPeak(pid!);
      const before = memory(pid!, "VmRSS");
      const size = await get(bodyMiB, type);
      expect(size).toBeGreaterThanOrEqual(bodyMiB * MiB * factor);
      expect(memory(pid!, "VmHWM") - before).toBeLessThan(maxGrowthMiB);
    });
  }

  it("the memory of skillett run does not grow with the size of the answer", async () => {
    const run = async (mb: number) => {
      const params = ["--path", "huge", "--mb", String(mb), "--type", "json"];
      const child = spawn(process.execPath, [program, "run", "odd", "get_path", ...params], {
        cwd: tmpdir(),
        env: { PATH: process.env.PATH, ...site.env },
      });
      let [size, most] = [0, 0];
      for await (const chunk of child.stdout) {
        size += chunk.length;
        most = Math.max(most, child.exitCode === null ? memory(child.pid!, "VmHWM") : 0);
      }
      expect(size).toBeGreaterThan(mb * MiB);
      return most;
    };
    const little = await run(20);
    expect((await run(bodyMiB)) - little).toBeLessThan(maxGrowthMiB);
  });
});

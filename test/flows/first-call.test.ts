import { afterAll, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { onEachEngine } from "#support/skillett.js";
import { createSite } from "./program.js";

/** The minute after the first start, with the program as it ships. */

onEachEngine("the first call", (engine) => {
  const cleanup = createCleanup();
  afterAll(() => cleanup.run());

  it("a fresh server names a command that works at once, and what it makes outlives a kill", async () => {
    const site = await createSite(engine);
    cleanup.add(site.close);
    const server = await site.up();
    const [, command = ""] = /in another terminal:\n +skillett (.*)/.exec(server.stderr()) ?? [];
    const first = await site.cli(command.split(" "));
    expect([first.code, first.stderr]).toEqual([0, ""]);
    expect(JSON.parse(first.stdout)).toMatchObject({ status: 200, data: { total: 21 } });

    const made = await site.cli(["run", "sandbox", "create_issue", "--title", "Mine"]);
    const { number } = JSON.parse(made.stdout).data;
    server.child.kill("SIGKILL");
    await server.stop();
    await site.up();
    const read = await site.cli(["run", "sandbox", "get_issue", "--number", String(number)]);
    expect(JSON.parse(read.stdout)).toMatchObject({ status: 200, data: { title: "Mine" } });
  });
});

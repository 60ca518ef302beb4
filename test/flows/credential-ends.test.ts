import { afterAll, beforeAll, expect, it } from "vitest";
import { runCli } from "#cli/cli.js";
import { createCleanup } from "#support/cleanup.js";
import { createTestHost } from "#support/cli.js";
import { startFaultUpstream } from "#support/fault-upstream.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

/** A service that will take a kind of credential no more is known by its file, and people are told in time. */
onEachEngine("credentials that end", (engine) => {
  const cleanup = createCleanup();
  let skillett: Skillett;
  beforeAll(async () => {
    const upstream = await startFaultUpstream();
    cleanup.add(upstream.close);
    skillett = await startSkillett(engine, {
      env: {
        SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/outcomes", import.meta.url).pathname,
        SKILLETT_REFUSING_BASE_URL: upstream.url,
      },
    });
    cleanup.add(skillett.close);
  });
  afterAll(() => cleanup.run());

  const ends = {
    on: "2027-04-30",
    message: "From 2027-04-30 on Refusing takes this kind of credential no more: Tokens are given up.",
    next: ["skillett connect refusing --credentials -"],
  };
  const cli = async (...args: string[]) => {
    const env = { SKILLETT_URL: skillett.url, SKILLETT_API_KEY: skillett.key };
    const { host, output } = createTestHost({ env, stdin: "token-0123456789" });
    await runCli(args, host);
    return output;
  };

  it("the integration says which ways to connect end, and how old its facts are", async () => {
    const { json } = await skillett.call("GET", "/v1/skills/refusing");
    expect(json).toMatchObject({
      checked_on: "2026-11-20",
      connect: { ends: [{ ...ends, credentials: 0 }] },
    });
    const github = await skillett.call("GET", "/v1/skills/github");
    expect(github.json).toMatchObject({ checked_on: null, connect: { ends: [] } });
  });

  it("a person who connects in such a way hears of it, then and from doctor, and nobody else does", async () => {
    const connected = await cli("connect", "refusing", "--token", "-");
    expect(JSON.parse(connected.stdout)).toMatchObject({ status: "connected", ends });
    expect(connected.stderr).toContain(ends.message);
    const { json } = await skillett.call("GET", "/v1/connections");
    expect(json.connections).toMatchObject([{ integration: "refusing", ends }]);
    const { stdout, stderr } = await cli("doctor");
    expect(stderr).toContain(ends.message);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true });
    await skillett.call("POST", "/v1/connect", {
      body: { integration: "refusing", credentials: { key: "key-0123456789" } },
    });
    const later = await skillett.call("GET", "/v1/connections");
    expect(later.json.connections.map((it: object) => "ends" in it)).toEqual([false]);
  });
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signIn } from "#support/browser.js";
import { type FreshDatabase, usePostgres } from "#support/postgres.js";
import { type ReadyProcess, startReady } from "#support/ready-process.js";
import { type RotatingProvider, startRotatingProvider } from "#support/rotating-provider.js";
import { fixtureIntegrations, requestSkillett } from "#support/skillett.js";
import { program, savedKey } from "./program.js";

/** One connection, three server processes, one PostgreSQL: a rotated refresh token is used once by all of them. */
describe.skipIf(!process.env.SKILLETT_TEST_DATABASE_URL)("renewing in three processes", () => {
  let provider: RotatingProvider;
  let database: FreshDatabase;
  let directory: string;
  let env: Record<string, string>;
  let servers: ReadyProcess[] = [];
  let key: string;

  const start = () => startReady(process.execPath, [program, "up", "--port", "0"], { env });
  const call = (server: ReadyProcess, method: string, at: string, body?: unknown) =>
    requestSkillett(server.url + at, method, key, body, {});
  const run = (server: ReadyProcess) =>
    call(server, "POST", "/v1/odd-oauth/get_path", { params: { path: "json" } });
  const connect = async () => {
    const { json } = await call(servers[0]!, "POST", "/v1/connect", { integration: "odd-oauth" });
    expect((await signIn(json.oauth_url)).status).toBe(200);
  };

  beforeAll(async () => {
    provider = await startRotatingProvider({ graceUses: 1 });
    database = (await usePostgres())!;
    directory = await mkdtemp(path.join(tmpdir(), "skillett-everywhere-"));
    env = {
      HOME: directory,
      SKILLETT_CONFIG_FILE: path.join(directory, "config.json"),
      SKILLETT_DATA_DIR: path.join(directory, "data"),
      SKILLETT_INTEGRATIONS_DIR: fixtureIntegrations,
      DATABASE_URL: database.url,
      SKILLETT_MASTER_KEY: "0f".repeat(32),
      ...provider.settings(),
    };
    servers = [await start()];
    servers.push(...(await Promise.all([start(), start()])));
    for (const { url } of servers) provider.registerRedirect(`${url}/callback`);
    key = await savedKey(env);
    await connect();
  }, 60_000);
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await database?.drop();
    await provider?.close();
    await rm(directory, { recursive: true, force: true });
  });

  it("100 calls at once with a token that has ended make one refresh, and all of them succeed", async () => {
    provider.expireAll();
    const before = provider.refreshCount();
    const release = provider.holdRefresh();
    const calls = Array.from({ length: 100 }, (_, n) => run(servers[n % servers.length]!));
    await provider.refreshesArrived(before + 1);
    release();
    const replies = await Promise.all(calls);
    expect(replies.filter(({ status, json }) => status === 200 && json.status === 200)).toHaveLength(100);
    expect(provider.refreshCount()).toBe(before + 1);
  });

  it("a provider that refuses for good is asked once by all servers together", async () => {
    provider.revokeAll();
    const before = provider.refreshCount();
    const replies = await Promise.all(
      Array.from({ length: 60 }, (_, n) => run(servers[n % servers.length]!)),
    );
    for (const { status, json } of replies) expect([status, json.error]).toEqual([401, "token_expired"]);
    expect(provider.refreshCount()).toBe(before + 1);
    await connect();
  });

  it("a server that is killed between the provider's answer and keeping it stops no other", async () => {
    provider.expireAll();
    const before = provider.refreshCount();
    const release = provider.holdRefresh();
    const [victim, ...others] = servers;
    const lost = run(victim!).catch(() => undefined);
    // The provider has rotated the token and holds its answer: the worst moment.
    await provider.refreshesArrived(before + 1);
    victim!.child.kill("SIGKILL");
    await lost;
    release();
    for (const other of others) expect((await run(other)).json.status).toBe(200);
    expect(provider.refreshCount()).toBe(before + 2);
    servers = others;
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FaultUpstream, startFaultUpstream } from "#support/fault-upstream.js";
import { type FreshDatabase, usePostgres } from "#support/postgres.js";
import { type Skillett, startSkillett } from "#support/skillett.js";

/** Servers that share a PostgreSQL are one server to everybody outside. */
describe.skipIf(!process.env.SKILLETT_TEST_DATABASE_URL)("two servers, one PostgreSQL", () => {
  let upstream: FaultUpstream;
  let database: FreshDatabase;
  let servers: Skillett[];
  let owner: Skillett;
  beforeAll(async () => {
    upstream = await startFaultUpstream();
    database = (await usePostgres())!;
    const start = () =>
      startSkillett("postgres", {
        databaseUrl: database.url,
        env: { SKILLETT_ODD_BASE_URL: upstream.url },
      });
    servers = await Promise.all([start(), start(), start()]);
    owner = servers.find(({ key }) => key !== "")!;
  });
  afterAll(async () => {
    await Promise.all((servers ?? []).map((skillett) => skillett.close()));
    await database?.drop();
    await upstream?.close();
  });

  const others = () => servers.filter((skillett) => skillett !== owner);
  const get = (skillett: Skillett, key = owner.key, headers: Record<string, string> = {}) =>
    skillett.call("POST", "/v1/odd/get_path", { key, headers, body: { params: { path: "json" } } });

  it("servers that start at once on an empty database make one owner and one data key", async () => {
    const { kysely } = owner.app.database;
    expect(servers.filter(({ key }) => key !== "")).toHaveLength(1);
    for (const table of ["tenants", "profiles", "memberships", "api_keys", "data_keys"] as const) {
      expect(await kysely.selectFrom(table).selectAll().execute(), table).toHaveLength(1);
    }
  });

  it("an account that is connected at one server is used at the others", async () => {
    await owner.connect("odd");
    const replies = await Promise.all(servers.map((skillett) => get(skillett)));
    expect(replies.map(({ json }) => json.data.name)).toEqual(["Octocat", "Octocat", "Octocat"]);
  });

  it("a key that is revoked at one server is refused at the others", async () => {
    const [other] = others();
    const { json } = await owner.call("POST", "/api-keys", { body: { name: "agent" } });
    expect((await get(other!, json.full_key)).status).toBe(200);
    await owner.call("DELETE", `/api-keys/${json.api_key.id}`);
    expect((await get(other!, json.full_key)).json.error).toBe("api_key_revoked");
  });

  it("an Idempotency-Key holds for all servers", async () => {
    const before = upstream.count("/json");
    const key = { "idempotency-key": "everywhere" };
    const replies = await Promise.all(
      [...servers, ...servers].map((skillett) => get(skillett, owner.key, key)),
    );
    expect(upstream.count("/json")).toBe(before + 1);
    expect(replies.every(({ status }) => status === 200 || status === 409)).toBe(true);
  });

  it("a server that starts leaves the calls of the others alone", async () => {
    const call = owner.call("POST", "/v1/odd/get_path", { body: { params: { path: "slow-body" } } });
    await upstream.arrived("/slow-body");
    const newcomer = await startSkillett("postgres", { databaseUrl: database.url });
    const { calls } = (await owner.call("GET", "/v1/calls?limit=1")).json;
    expect(calls[0]).toMatchObject({ status: "started", error: null });
    await newcomer.close();
    await upstream.close();
    expect((await call).status).toBe(502);
  });

  it("a server without its database is alive, but not ready, and its calls fail clearly", async () => {
    await database.drop();
    const [other] = others();
    expect((await other!.call("GET", "/health", { key: null })).status).toBe(200);
    expect((await other!.call("GET", "/ready", { key: null })).json).toMatchObject({ error: "unavailable" });
    const reply = await get(other!);
    expect(reply).toMatchObject({ status: 500, json: { error: "internal", retryable: true } });
    expect(reply.text).not.toMatch(/postgres|database|sql|terminat/i);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createIntegrationRows } from "#store/integration-rows.js";
import { acmeTexts, bring } from "#support/brought.js";
import { type FaultUpstream, startFaultUpstream } from "#support/fault-upstream.js";
import { type FreshDatabase, useMigratedPostgres } from "#support/postgres.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { insertPerson, type KeyHolder } from "#support/world.js";

/** Integrations that a tenant brings are there for it, and for nobody else. */

const settings = (upstream: FaultUpstream, use = "tenant-integration=") => ({
  SKILLETT_ALLOW_HOSTS: `${use}${new URL(upstream.url).host}`,
});

onEachEngine("catalogues of tenants", (engine) => {
  let upstream: FaultUpstream;
  let skillett: Skillett;
  let ada: KeyHolder;
  let eve: KeyHolder;
  beforeAll(async () => {
    upstream = await startFaultUpstream();
    skillett = await startSkillett(engine, { env: settings(upstream) });
    ada = await insertPerson(skillett.app.database, "ada");
    eve = await insertPerson(skillett.app.database, "eve");
    await bring(skillett.app.database, ada.tenantId, acmeTexts(upstream.url), { off: ["paint_widget"] });
  });
  afterAll(async () => {
    await skillett?.close();
    await upstream?.close();
  });

  const as = ({ key }: KeyHolder, method: string, path: string, body?: object) =>
    skillett.call(method, path, { key, body });
  const connect = (who: KeyHolder) =>
    as(who, "POST", "/v1/connect", { integration: "acme", credentials: { token: "token-0123456789" } });
  const run = (who: KeyHolder, endpoint = "list_widgets") =>
    as(who, "POST", `/v1/acme/${endpoint}`, { params: {} });

  it("an integration is listed, found, read and downloaded in its tenant, and nowhere else", async () => {
    const paths = [
      "/v1/skills",
      "/v1/skills?q=list+the+widgets",
      "/v1/skills/acme",
      "/v1/skills/acme?q=list+the+widgets",
      "/v1/skills/acme/list_widgets",
      "/v1/skills/acme/list_widgets.md",
      "/v1/acme/download",
      "/v1/integrations",
      "/v1/integrations/acme",
      "/v1/agent/connectors",
    ];
    for (const path of paths) {
      const [hers, others] = [await as(ada, "GET", path), await as(eve, "GET", path)];
      expect([path, hers.status, /acme/.test(hers.text)]).toEqual([path, 200, true]);
      expect([path, /widget|Acme/.test(others.text)]).toEqual([path, false]);
    }
    const endpoints = (await as(ada, "GET", "/v1/skills/acme")).json.endpoints;
    expect(endpoints.map(({ name }: { name: string }) => name)).toEqual(["get_widget", "list_widgets"]);
    expect((await as(ada, "GET", "/v1/acme/download")).text).not.toContain("paint_widget");
  });

  it("an integration is connected and called in its tenant, and to others it is not found", async () => {
    expect((await connect(ada)).json).toMatchObject({ status: "connected", account: "Octocat" });
    expect((await run(ada)).json).toMatchObject({ status: 200, data: { name: "Octocat" } });
    const { calls } = (await as(ada, "GET", "/v1/calls")).json;
    expect(calls[0]).toMatchObject({ integration: "acme", endpoint: "list_widgets", status: "completed" });
    for (const reply of [
      await connect(eve),
      await run(eve),
      await as(eve, "PATCH", "/v1/integrations/acme", { enabled: false }),
    ])
      expect([reply.status, reply.json.message]).toEqual([
        404,
        expect.stringMatching(/^Integration acme not found/),
      ]);
  });

  it("an endpoint that writes is off until an owner switches it on", async () => {
    expect((await run(ada, "paint_widget")).json.next).toEqual([
      "skillett integrations enable acme paint_widget",
    ]);
    const { json } = await as(ada, "GET", "/v1/integrations/acme");
    expect(json).toMatchObject({ kind: "import", enabled: true });
    expect(json.endpoints.at(-1)).toMatchObject({
      name: "paint_widget",
      enabled: false,
      off_reason: "write",
    });
    await as(ada, "PATCH", "/v1/integrations/acme", { endpoints: { paint_widget: true } });
    expect((await run(ada, "paint_widget")).json.status).toBe(200);
    const { endpoints } = (
      await as(ada, "PATCH", "/v1/integrations/acme", { endpoints: { paint_widget: false } })
    ).json;
    expect(endpoints.at(-1)).toMatchObject({ enabled: false, off_reason: "owner" });
  });

  it("a raw request that is an endpoint is that endpoint, and none when it is off", async () => {
    const { json } = await as(ada, "POST", "/api-keys", { name: "raw", scopes: ["acme:read", "acme:raw"] });
    const raw = (method: string, path = "/json") =>
      as({ ...ada, key: json.full_key }, "POST", "/v1/acme/request", { method, path });
    expect((await raw("GET")).json).toMatchObject({ status: 200, data: { name: "Octocat" } });
    const refused = await raw("POST");
    expect([refused.status, refused.json.message]).toEqual([404, expect.stringContaining("is switched off")]);
  });

  it("scopes of keys may name it in its tenant, and *:read reaches what reads of it", async () => {
    const make = (who: KeyHolder, ...scopes: string[]) =>
      as(who, "POST", "/api-keys", { name: "narrow", scopes });
    const refused = await make(eve, "acme:read", "acme");
    expect(refused.json.issues).toMatchObject([{ at: "scopes[0]" }, { at: "scopes[1]" }]);
    expect((await make(ada, "acme.list_gadgets")).json.message).toContain("Did you mean list_widgets?");
    const reading = (await make(ada, "*:read")).json.full_key;
    const one = (await make(ada, "acme.get_*")).json.full_key;
    const status = async (key: string, endpoint: string) => (await run({ ...ada, key }, endpoint)).status;
    expect([await status(reading, "list_widgets"), await status(one, "list_widgets")]).toEqual([200, 403]);
    expect(await status(one, "get_widget")).toBe(200);
  });

  it("two tenants may have the same slug for different things", async () => {
    await bring(skillett.app.database, eve.tenantId, acmeTexts("https://elsewhere.example", "Elsewhere"));
    const nameOf = async (who: KeyHolder) => (await as(who, "GET", "/v1/integrations/acme")).json.name;
    expect([await nameOf(ada), await nameOf(eve)]).toEqual(["Acme", "Elsewhere"]);
    expect((await as(eve, "DELETE", "/v1/integrations/acme")).json).toEqual({
      integration: "acme",
      connections: 0,
    });
    expect([await nameOf(ada), (await run(ada)).status]).toEqual(["Acme", 200]);
  });

  it("a host that is allowed for what ships is closed to it", async () => {
    const other = await startSkillett(engine, { env: settings(upstream, "") });
    try {
      const owner = await insertPerson(other.app.database, "ada");
      await bring(other.app.database, owner.tenantId, acmeTexts(upstream.url));
      const body = { integration: "acme", credentials: { token: "token-0123456789" } };
      const { json } = await other.call("POST", "/v1/connect", { key: owner.key, body });
      expect(json).toMatchObject({
        error: "upstream_unreachable",
        message: expect.stringContaining("not allowed"),
      });
    } finally {
      await other.close();
    }
  });

  it("an import that began before another change is not written", async () => {
    const { database } = skillett.app;
    const rows = createIntegrationRows(database);
    const seen = await rows.catalogVersion(ada.tenantId);
    const row = (await rows.get(ada.tenantId, "acme"))!;
    await as(ada, "PATCH", "/v1/integrations/acme", { enabled: true });
    expect(await rows.replaceImport({ ...row, main: null }, [], { seen })).toBe(false);
    expect((await rows.get(ada.tenantId, "acme"))!.main).toBe(row.main);
    expect((await run(ada)).status).toBe(200);
  });

  it("removing it erases its accounts and all its rows", async () => {
    const { kysely } = skillett.app.database;
    const { json } = await as(ada, "DELETE", "/v1/integrations/acme");
    expect(json).toEqual({ integration: "acme", connections: 1 });
    for (const table of ["integrations", "routes", "credentials"] as const) {
      const left = await kysely
        .selectFrom(table)
        .select("tenant_id")
        .where("tenant_id", "=", ada.tenantId)
        .execute();
      expect([table, left]).toEqual([table, []]);
    }
    expect((await run(ada)).status).toBe(404);
    expect((await as(ada, "GET", "/v1/connections")).json.connections).toEqual([]);
  });
});

describe.skipIf(!process.env.SKILLETT_TEST_DATABASE_URL)("catalogues of tenants on two servers", () => {
  let upstream: FaultUpstream;
  let database: FreshDatabase;
  let servers: Skillett[];
  beforeAll(async () => {
    upstream = await startFaultUpstream();
    database = (await useMigratedPostgres())!;
    const start = () => startSkillett("postgres", { databaseUrl: database.url, env: settings(upstream) });
    servers = [await start(), await start()];
  });
  afterAll(async () => {
    for (const server of servers ?? []) await server.close();
    await database?.drop();
    await upstream?.close();
  });

  it("a change at one server is seen by the next request at the other", async () => {
    const [one, other] = servers as [Skillett, Skillett];
    const { key, tenantId } = await insertPerson(one.app.database, "ada");
    const see = async (server: Skillett) => {
      const { status, json } = await server.call("GET", "/v1/skills/acme", { key });
      return status === 200 ? json.endpoints.length : status;
    };
    expect([await see(one), await see(other)]).toEqual([404, 404]);
    await bring(one.app.database, tenantId, acmeTexts(upstream.url));
    expect([await see(other), await see(one)]).toEqual([3, 3]);
    for (const [at, seen] of [
      [other, one],
      [one, other],
    ] as const) {
      for (const isOn of [false, true]) {
        const body = { endpoints: { paint_widget: isOn } };
        await at.call("PATCH", "/v1/integrations/acme", { key, body });
        expect([await see(seen), await see(at)]).toEqual(isOn ? [3, 3] : [2, 2]);
      }
    }
    await other.call("DELETE", "/v1/integrations/acme", { key });
    expect(await see(one)).toBe(404);
  });
});

import { afterEach, beforeEach, expect, it } from "vitest";
import { createOAuthGrantRows } from "#store/oauth-grant-rows.js";
import { createCleanup } from "#support/cleanup.js";
import { type ShopService, startShopService, withMethod } from "#support/shop-service.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

/** The way of a service that nobody has described for us: from its description to calls, and on to the next description. */
onEachEngine("an imported integration", (engine) => {
  let cleanup = createCleanup();
  let shop: ShopService;
  let skillett: Skillett;

  beforeEach(async () => {
    cleanup = createCleanup();
    shop = await startShopService();
    cleanup.add(shop.close);
    skillett = await startSkillett(engine, { env: shop.env });
    cleanup.add(skillett.close);
  });
  afterEach(() => cleanup.run());

  const load = (changes: Record<string, object | null> = {}, query = "") =>
    skillett.call("POST", `/v1/integrations/import?base_url=${shop.url}/v1${query}`, {
      body: shop.description(changes),
    });
  const refine = (files: Record<string, string>, query = "") =>
    skillett.call("POST", `/v1/integrations/import?slug=acme-shop&content=folder${query}`, {
      body: { files },
    });
  const call = async (endpoint: string, params: object = {}) =>
    (await skillett.call("POST", `/v1/acme-shop/${endpoint}`, { body: { params } })).json;
  const enable = (...names: string[]) =>
    skillett.call("PATCH", "/v1/integrations/acme-shop", {
      body: { endpoints: Object.fromEntries(names.map((name) => [name, true])) },
    });
  const switches = async () => {
    const { json } = await skillett.call("GET", "/v1/integrations/acme-shop");
    return Object.fromEntries(
      json.endpoints.map((it: { name: string; off_reason: string | null }) => [it.name, it.off_reason]),
    );
  };

  it("a description becomes an integration: reads can be called, writes when the owner switches them on", async () => {
    expect((await load()).json).toMatchObject({
      integration: "acme-shop",
      created: true,
      problems: [],
      endpoints: { on: 2, off: 1 },
      diff: { added: ["create_order", "get_order", "list_orders"], removed: [], changed: [], renamed: [] },
      gains: [{ endpoints: 2, by: ["*"] }],
      report: { kind: "openapi", title: "Acme Shop API" },
    });
    await skillett.connect("acme-shop");
    expect(await call("list_orders", { status: "open" })).toMatchObject({
      data: { path: "/v1/orders?status=open" },
    });
    expect(shop.requests.at(-1)).toBe("GET /v1/orders?status=open Bearer test-token-0123456789");

    expect(await call("create_order", { item: "tea" })).toMatchObject({
      error: "not_found",
      message: expect.stringContaining("switched off"),
    });
    await enable("create_order");
    expect(await call("create_order", { item: "tea" })).toMatchObject({ status: 200 });
    expect(shop.requests.at(-1)).toMatch(/^POST \/v1\/orders /);
  });

  it("a program that somebody has let in is named with the keys that gain, one that is revoked is not", async () => {
    const { database } = skillett.app;
    const { tenant, profile } = (await skillett.call("GET", "/v1/me")).json;
    const grants = createOAuthGrantRows(database);
    for (const [id, name] of [
      ["grant_1", "Cursor"],
      ["grant_2", "Windsurf"],
    ] as const) {
      await grants.insert({
        tenant_id: tenant.id,
        id,
        profile_id: profile.id,
        agent_id: null,
        client_id: `https://${name}.example/client`,
        client_name: name,
        scopes: JSON.stringify(["*:read"]),
        last_used_at: null,
        revoked_at: null,
        expires_at: null,
        created_at: Date.now(),
      });
    }
    await grants.revoke("grant_2", Date.now());
    expect((await load()).json.gains).toEqual([
      expect.objectContaining({ by: ["*"] }),
      { key: "Cursor (program)", endpoints: 2, by: ["*:read"] },
    ]);
  });

  it("an import anew keeps switches, has what is new or changed off, and says what differs", async () => {
    await load();
    await enable("create_order");
    const anew = await load({
      ...withMethod("/orders/{order_id}", "get", "delete"),
      "/refunds": { get: { operationId: "listRefunds", responses: {} } },
    });
    expect(anew.json).toMatchObject({
      created: false,
      endpoints: { on: 2, off: 2 },
      diff: {
        added: ["list_refunds"],
        removed: [],
        changed: [{ name: "get_order", what: expect.arrayContaining(["effect: read → destructive"]) }],
        renamed: [],
      },
      gains: [{ endpoints: 1, by: ["*"] }],
    });
    expect(await switches()).toEqual({
      list_orders: null,
      create_order: null,
      get_order: "changed",
      list_refunds: "new",
    });
  });

  it("an endpoint with another name answers to the old one, and one that is gone is gone", async () => {
    await load();
    await skillett.connect("acme-shop");
    const renamed = await load({
      "/orders": { get: { operationId: "searchOrders", responses: {} } },
      "/orders/{order_id}": null,
    });
    expect(renamed.json.diff).toMatchObject({
      added: [],
      removed: ["create_order", "get_order"],
      renamed: [{ from: "list_orders", to: "search_orders" }],
    });
    await enable("search_orders");
    expect(await call("list_orders")).toMatchObject({ data: { path: "/v1/orders" } });
    await load({
      "/orders": { get: { operationId: "searchOrders", responses: {} } },
      "/orders/{order_id}": null,
    });
    expect(await call("list_orders")).toMatchObject({ data: { path: "/v1/orders" } });
  });

  it("an overlay refines endpoints, and an import anew keeps it", async () => {
    await load();
    const file = "endpoints/orders/list_orders.md";
    const refined = await refine(
      {
        [file]: "---\nsummary: Look through the orders\n---\nAsk for open ones first.\n",
        "integration.yaml": "name: Our shop\n",
      },
      "&overlay=true",
    );
    expect(refined.json).toMatchObject({
      created: false,
      diff: { changed: [] },
      report: { kind: "overlay" },
    });
    const page = async () => (await skillett.call("GET", "/v1/skills/acme-shop/list_orders.md")).text;
    expect(await page()).toMatch(/Look through the orders\..*Ask for open ones first\./s);
    const { json } = await skillett.call("GET", "/v1/integrations/acme-shop");
    expect(json.report).toMatchObject({ kind: "openapi" });

    await load({ "/refunds": { get: { operationId: "listRefunds", responses: {} } } });
    expect(await page()).toMatch(/Look through the orders/);
    const gone = await load({ "/orders": null });
    expect(gone.json.report.notes).toContainEqual(expect.stringContaining(file));
    await load();
    await enable("list_orders");
    expect(await page()).toMatch(/Look through the orders/);
  });

  it("a dry run says what would happen, and nothing does", async () => {
    const dry = await load({}, "&dry_run=true");
    expect(dry.json).toMatchObject({ created: true, endpoints: { on: 2, off: 1 } });
    expect((await skillett.call("GET", "/v1/integrations/acme-shop")).status).toBe(404);
    await load();
    const bad = await refine({ "endpoints/orders/list_orders.md": "---\nsumary: x\n---\n" }, "&dry_run=true");
    expect(bad).toMatchObject({
      status: 200,
      json: {
        problems: [
          {
            file: "acme-shop/endpoints/orders/list_orders.md",
            line: 2,
            message: expect.stringMatching(/^sumary/),
          },
        ],
      },
    });
    const refused = await refine({ "endpoints/orders/list_orders.md": "---\nsumary: x\n---\n" });
    expect(refused).toMatchObject({
      status: 400,
      json: { issues: [{ at: "acme-shop/endpoints/orders/list_orders.md:2" }] },
    });
    expect(await switches()).toEqual({ list_orders: null, create_order: "write", get_order: null });
  });

  it("an integration that an older server has compiled is compiled anew, with its switches", async () => {
    await load();
    await enable("create_order");
    await skillett.connect("acme-shop");
    const { kysely } = skillett.app.database;
    await kysely.updateTable("integrations").set({ format: 0 }).execute();
    await kysely.updateTable("routes").set({ compiled: "{}" }).execute();
    await kysely.updateTable("tenants").set({ catalog_version: 100 }).execute();
    expect(await call("create_order", { item: "tea" })).toMatchObject({ status: 200 });
    expect(await switches()).toEqual({ list_orders: null, create_order: null, get_order: null });
  });

  it("credentials do not go to another host with an import anew", async () => {
    await load();
    await skillett.connect("acme-shop");
    const moved = await skillett.call(
      "POST",
      "/v1/integrations/import?base_url=https://collector.example/v1",
      { body: shop.description() },
    );
    expect(moved).toMatchObject({
      status: 409,
      json: {
        error: "conflict",
        message: expect.stringMatching(/^1 account is connected.*collector\.example/),
      },
    });
    const { json } = await skillett.call("GET", "/v1/connections");
    await skillett.call("DELETE", `/v1/connections/${json.connections[0].id}`);
    const free = await skillett.call(
      "POST",
      "/v1/integrations/import?base_url=https://collector.example/v1",
      {
        body: shop.description(),
      },
    );
    expect(free.status).toBe(200);
  });

  it("credentials that were given to an integration that has gone do not go to one of its slug", async () => {
    await load();
    await skillett.connect("acme-shop");
    const { kysely } = skillett.app.database;
    // As when the operator takes a folder away: the accounts stay, for when it comes back.
    for (const table of ["integrations", "routes"] as const) await kysely.deleteFrom(table).execute();
    await kysely
      .updateTable("tenants")
      .set((eb) => ({ catalog_version: eb("catalog_version", "+", 1) }))
      .execute();
    const { status, json } = await load();
    expect([status, json.message]).toEqual([
      409,
      expect.stringMatching(/^1 account is connected to acme-shop/),
    ]);
    const { connections } = (await skillett.call("GET", "/v1/connections")).json;
    await skillett.call("DELETE", `/v1/connections/${connections[0].id}`);
    expect((await load()).status).toBe(200);
  });
});

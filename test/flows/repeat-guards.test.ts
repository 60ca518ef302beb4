import { afterAll, beforeAll, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { type FaultUpstream, startFaultUpstream } from "#support/fault-upstream.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

/** Services that know a request which comes twice by an id in it get one that is made of the Idempotency-Key. */
onEachEngine("ids against doing things twice", (engine) => {
  const cleanup = createCleanup();
  let upstream: FaultUpstream;
  let skillett: Skillett;
  beforeAll(async () => {
    upstream = await startFaultUpstream();
    cleanup.add(upstream.close);
    skillett = await startSkillett(engine, {
      env: {
        SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/outcomes", import.meta.url).pathname,
        SKILLETT_SAID_BASE_URL: upstream.url,
      },
    });
    cleanup.add(skillett.close);
    await skillett.connect("said");
    await skillett.setPlan("unlimited");
  });
  afterAll(() => cleanup.run());

  const run = (endpoint: string, params: object, key?: string, query = "") =>
    skillett.call("POST", `/v1/said/${endpoint}${query}`, {
      body: { params },
      headers: key === undefined ? {} : { "idempotency-key": key },
    });
  /** The id that a dry run shows, which sends nothing. */
  async function idOf(endpoint: string, params: object, key?: string) {
    const { json } = await run(endpoint, { path: "echo", ...params }, key, "?dry_run=true");
    return json.request.body.id;
  }

  it("the id has the form of the file, and is the same for the same call alone", async () => {
    const id = await idOf("make", {}, "k1");
    expect(id).toMatch(/^[0-9a-v]{26}$/);
    expect(await idOf("make", {}, "k1")).toBe(id);
    expect(await idOf("make_or_find", {}, "k1")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    const others = [await idOf("make", {}, "k2"), await idOf("make", { status: 201 }, "k1")];
    expect(new Set([id, ...others]).size).toBe(3);
  });

  it("an id of the caller's own stays, and without a key there is none", async () => {
    expect(await idOf("make", { id: "mine" }, "k1")).toBe("mine");
    expect(await idOf("make", {})).toBeUndefined();
  });

  it("the service is sent the same id with each attempt", async () => {
    const { json } = await run("make", { path: "echo" }, "sent");
    expect(JSON.parse(json.data.body)).toEqual({ id: await idOf("make", {}, "sent") });
  });

  it.each([
    ["make", { id: "mine" }, undefined, 2],
    ["make", {}, "key", 2],
    ["make_or_find", {}, "key", 2],
    ["make", {}, undefined, 1],
    ["post", {}, "key", 1],
  ])("a connection that breaks in %s with %j and the key %s leads to %i requests", async (...given) => {
    const [endpoint, params, key, requests] = given;
    const path = `reset-first/${given.join("-")}`.replaceAll(/[^\w/-]/g, "");
    const { status } = await run(endpoint, { path, ...params }, key && path);
    expect({ requests: upstream.count(`/${path}`), status }).toEqual({
      requests,
      status: requests === 2 ? 200 : 502,
    });
  });

  it("a refusal of the second attempt says that the first may have worked, unless it is answered alike", async () => {
    const refused = async (endpoint: string) =>
      (await run(endpoint, { path: `reset-first/${endpoint}`, status: 409 }, `again-${endpoint}`)).json;
    expect((await refused("make")).hint.message).toContain("The first may have done what was asked");
    expect((await refused("make_or_find")).hint).toBeUndefined();
  });
});

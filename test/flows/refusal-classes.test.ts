import { afterAll, beforeAll, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { type FaultUpstream, startFaultUpstream } from "#support/fault-upstream.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { connectMcp } from "../mcp/mcp-clients.js";

/** Services say no in many ways: the class of a refusal is known by its status, headers and body, as the file has it. */

onEachEngine("classes of refusals", (engine) => {
  const cleanup = createCleanup();
  let upstream: FaultUpstream;
  let skillett: Skillett;
  const now = Date.parse("2026-11-22T12:00:00Z");
  beforeAll(async () => {
    upstream = await startFaultUpstream();
    cleanup.add(upstream.close);
    skillett = await startSkillett(engine, {
      clock: () => now,
      env: {
        SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/outcomes", import.meta.url).pathname,
        SKILLETT_REFUSING_BASE_URL: upstream.url,
      },
    });
    cleanup.add(skillett.close);
    await skillett.setPlan("unlimited");
    await skillett.connect("refusing");
  });
  afterAll(() => cleanup.run());

  let count = 0;
  function run(endpoint: string, params: object, headers: Record<string, string> = {}) {
    count += 1;
    const body = { params: { path: `answer/${count}`, ...params } };
    return skillett.call("POST", `/v1/refusing/${endpoint}`, { body, headers });
  }

  it.each<[string, object, object]>([
    [
      "scope",
      { status: 401, body: "Unauthorized; scope does not match" },
      { wanted_scopes: ["things", "things:all"] },
    ],
    ["scope", { body: '{"ok":false,"error":"missing_scope","needed":"a,b"}' }, { wanted_scopes: ["a", "b"] }],
    ["admin_needed", { status: 401, body: '{"detail":{"code":"sso-required"}}' }, {}],
    ["admin_needed", { status: 403, header: ["x-sso: required; url=https://sso.example"] }, {}],
    ["not_shared", { status: 404, body: '{"code":"object_not_found"}' }, {}],
    ["plan", { status: 402 }, {}],
    ["rate", { status: 400, body: '{"errors":[{"code":"RATELIMITED"}]}' }, {}],
    ["rate", { status: 429, body: '{"retry_in":1500}' }, {}],
    ["rate", { status: 403, header: ["x-requests-remaining: 0"] }, {}],
  ])("a refusal of class %s is told in the hint: %j", async (name, params, more) => {
    for (const endpoint of ["read", "post"]) {
      const { json } = await run(endpoint, params);
      expect(json.hint, JSON.stringify(json)).toMatchObject({ class: name, ...more });
      expect(json.hint.message).toMatch(/Octocat|requests/);
    }
  });

  it.each<[object, number | undefined]>([
    [{ status: 400, body: '{"errors":[{"code":"RATELIMITED"}]}' }, 30],
    [{ status: 400, body: '{"errors":[{"code":"RATELIMITED"}]}', header: ["retry-after: 5"] }, 5],
    [{ status: 429, body: '{"retry_in":1500}' }, 2],
    [{ status: 429, header: ["x-requests-remaining: 0", `x-requests-reset: ${now + 9_000}`] }, 9],
    [{ status: 429, header: ['ratelimit: "default";r=0;t=7'] }, 7],
    [{ status: 429, header: ["ratelimit: limit=10, remaining=0, reset=8"] }, 8],
    [{ status: 429 }, undefined],
    [{ status: 404, body: '{"retry_in":1500}' }, undefined],
  ])("the time to wait of %j is %s", async (params, seconds) => {
    const { json } = await run("read", params);
    expect(json.page?.retry_after).toBe(seconds);
    if (seconds !== undefined) expect(json.hint.message).toContain(`wait ${seconds} seconds`);
  });

  it("an endpoint says of which scopes one suffices", async () => {
    const { json } = await skillett.call("GET", "/v1/skills/refusing/read");
    expect(json.scopes).toEqual(["things", ["things:all", "admin"]]);
    const page = await skillett.call("GET", "/v1/skills/refusing/read.md");
    expect(page.text).toContain("Scopes: `things`, one of `things:all` / `admin`");
    const { json: refused } = await run("read", { status: 401, body: "Scope does not match" });
    expect(refused.hint.message).toContain("needs things, one of things:all / admin.");
  });

  it("an endpoint's own rules come before those of the integration", async () => {
    const params = { status: 404, body: '{"code":"object_not_found","message":"Upgrade your plan."}' };
    expect((await run("read", params)).json.hint.class).toBe("plan");
    expect((await run("post", params)).json.hint.class).toBe("not_shared");
  });

  it("other refusals have no class, and data is as it came", async () => {
    const { json } = await run("read", { status: 403, body: '{"err":"Not for you"}' });
    expect(json).toEqual({ status: 403, data: { err: "Not for you" } });
    const limited = await run("read", { status: 400, body: '{"errors":[{"code":"RATELIMITED"}]}' });
    expect(limited.json.data).toEqual({ errors: [{ code: "RATELIMITED" }] });
  });

  it("a call that was refused for a reason outside of the request is tried again with the same key", async () => {
    for (const params of [{ status: 404, body: '{"code":"object_not_found"}' }, { status: 402 }]) {
      const key = { "idempotency-key": `class-${count}` };
      const given = { path: `answer/class-${count}`, ...params, times: 1 };
      expect((await run("post", given, key)).json.hint.class).toBeDefined();
      expect((await run("post", given, key)).json.status).toBe(200);
    }
  });

  it("a result over MCP says the class and what to do", async () => {
    const client = await connectMcp(skillett.url, skillett.key, "client 2.x, 2025");
    cleanup.add(() => client.close());
    const { structuredContent, isError } = await client.call("integration_run", {
      integration: "refusing",
      endpoint: "read",
      params: { path: "answer", status: 401, body: "Scope does not match" },
    });
    expect(isError).toBe(true);
    expect(structuredContent.hint).toMatchObject({ class: "scope", wantedScopes: ["things", "things:all"] });
  });

  it("a credential that is refused with 403 has ended, and other refusals do not end it", async () => {
    const status = async () => (await skillett.call("GET", "/v1/connections")).json.connections[0].status;
    await run("read", { status: 401, body: "Scope does not match" });
    expect(await status()).toBe("connected");
    const { status: answered, json } = await run("read", { status: 403, body: "Token expired" });
    expect({ answered, error: json.error }).toEqual({ answered: 401, error: "token_expired" });
    expect(await status()).not.toBe("connected");
  });
});

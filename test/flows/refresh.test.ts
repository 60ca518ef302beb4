import { afterAll, beforeAll, expect, it } from "vitest";
import { signIn } from "#support/browser.js";
import { type RotatingProvider, startRotatingProvider } from "#support/rotating-provider.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";

/** A connection stays alive by itself, and when it cannot, everybody is told what to do. */

const octocat = { id: 1, name: "octocat" };
const hour = 3_600_000;

onEachEngine("keeping a connection alive", (engine) => {
  let provider: RotatingProvider;
  let skillett: Skillett;
  let now = Date.now();

  beforeAll(async () => {
    provider = await startRotatingProvider({ expiresIn: 3600 });
    skillett = await startSkillett(engine, {
      env: {
        ...provider.settings(),
        SKILLETT_ODD_BASE_URL: provider.url,
        SKILLETT_UPSTREAM_TIMEOUT_SECONDS: "3",
      },
      clock: () => now,
    });
    provider.registerRedirect(`${skillett.url}/callback`);
  });
  afterAll(async () => {
    await skillett?.close();
    await provider?.close();
  });

  const connect = async (body: object = {}) => {
    const { json } = await skillett.call("POST", "/v1/connect", {
      body: { integration: "odd-oauth", ...body },
    });
    expect((await signIn(json.oauth_url)).status).toBe(200);
  };
  const run = (): Promise<Reply> =>
    skillett.call("POST", "/v1/odd-oauth/get_path", { body: { params: { path: "json" } } });
  const status = async () =>
    (await skillett.call("GET", "/v1/connections")).json.connections.map(
      (connection: { status: string }) => connection.status,
    );
  const refreshes = () => provider.refreshCount();
  const good = { status: 200, json: { status: 200, data: octocat } };

  it("a token that the service refuses is renewed once, and the call is sent once more", async () => {
    await connect();
    expect(await run()).toMatchObject(good);
    provider.expireAll();
    const [before, sent] = [refreshes(), provider.requests.length];
    expect(await run()).toMatchObject(good);
    expect(refreshes()).toBe(before + 1);
    expect(provider.requests.slice(sent).map(({ path }) => path)).toEqual(["/json", "/token", "/json"]);
    // The rotated refresh token was kept: it works again.
    provider.expireAll();
    expect(await run()).toMatchObject(good);
    expect(await status()).toEqual(["connected"]);
    const { calls } = (await skillett.call("GET", "/v1/calls?limit=1")).json;
    expect(calls).toMatchObject([{ status: "completed", upstream_status: 200 }]);
  });

  it("a token that is about to end is renewed before it is used", async () => {
    now += hour - 61_000;
    const before = refreshes();
    expect(await run()).toMatchObject(good);
    expect(refreshes()).toBe(before);
    now += 2_000;
    const sent = provider.requests.length;
    expect(await run()).toMatchObject(good);
    expect(provider.requests.slice(sent).map(({ path }) => path)).toEqual(["/token", "/json"]);
    expect(await run()).toMatchObject(good);
    expect(refreshes()).toBe(before + 1);
  });

  it("many calls at once renew a token once", async () => {
    provider.expireAll();
    const before = refreshes();
    const release = provider.holdRefresh();
    const calls = Array.from({ length: 50 }, run);
    await provider.refreshesArrived(before + 1);
    release();
    for (const reply of await Promise.all(calls)) expect(reply).toMatchObject(good);
    expect(refreshes()).toBe(before + 1);
  });

  it.each([
    ["down", { status: 503, body: "maintenance" }, 502, "upstream_unreachable"],
    ["overrun", { status: 429, body: "slow down" }, 502, "upstream_unreachable"],
    ["breaking off", "reset", 502, "upstream_unreachable"],
    ["silent", "hang", 504, "upstream_timeout"],
  ] as const)(
    "a renewal at a provider that is %s fails, and the connection stays",
    async (_, fault, code, error) => {
      provider.expireAll();
      provider.failNextToken(fault);
      expect(await run()).toMatchObject({ status: code, json: { error, retryable: true } });
      expect(await status()).toEqual(["connected"]);
      expect(await run()).toMatchObject(good);
    },
  );

  it("a token that is about to end is used while the provider is down", async () => {
    now += hour - 30_000;
    provider.goDown();
    const [before, sent] = [refreshes(), provider.requests.length];
    expect(await run()).toMatchObject(good);
    expect(refreshes()).toBe(before + 1);
    provider.comeBack();
    expect(await run()).toMatchObject(good);
    expect(provider.requests.slice(sent).map(({ path }) => path)).toEqual([
      "/token",
      "/json",
      "/token",
      "/json",
    ]);
  });

  it("an answer to a renewal that makes no sense is a passing trouble of the provider", async () => {
    provider.expireAll();
    provider.failNextToken({ status: 200, headers: { "content-type": "text/html" }, body: "<h1>Hi</h1>" });
    expect(await run()).toMatchObject({ status: 502, json: { error: "upstream_unreachable" } });
    expect(await status()).toEqual(["connected"]);
    expect(await run()).toMatchObject(good);
  });

  it("a renewal that is refused for good is tried once, and signing in again by `next` heals it", async () => {
    provider.revokeAll();
    const before = refreshes();
    const refused = await run();
    expect(refused).toMatchObject({
      status: 401,
      json: {
        error: "token_expired",
        message: "Odd by sign-in refuses the stored credential of octocat. Please reconnect.",
        action_url: `${skillett.url}/dashboard/integrations`,
        next: [expect.stringMatching(/^skillett connect odd-oauth --connection conn_\w+$/)],
        retryable: false,
      },
    });
    expect(await status()).toEqual(["needs_reconnect"]);
    const sent = provider.requests.length;
    const replies = await Promise.all(Array.from({ length: 20 }, run));
    for (const reply of replies) expect(reply.json.error).toBe("token_expired");
    expect(refreshes()).toBe(before + 1);
    expect(provider.requests.length).toBe(sent);

    const [, connection] = /--connection (\S+)/.exec(refused.json.next[0]) ?? [];
    await connect({ connection });
    expect(await status()).toEqual(["connected"]);
    expect(await run()).toMatchObject(good);
  });

  it("many calls at once that are refused for good ask the provider once", async () => {
    provider.revokeAll();
    const before = refreshes();
    const release = provider.holdRefresh();
    const calls = Array.from({ length: 20 }, run);
    await provider.refreshesArrived(before + 1);
    release();
    for (const { json } of await Promise.all(calls)) expect(json.error).toBe("token_expired");
    expect(refreshes()).toBe(before + 1);
    await connect();
  });

  it("a renewed credential that is refused as well needs a new sign-in", async () => {
    provider.failNext({ status: 401 });
    provider.failNext({ status: 401 });
    expect(await run()).toMatchObject({ status: 401, json: { error: "token_expired" } });
    expect(await status()).toEqual(["needs_reconnect"]);
    await connect();
  });

  it("a connection that is signed in anew while its token is renewed works", async () => {
    provider.expireAll();
    const release = provider.holdRefresh();
    const arrived = provider.refreshesArrived(refreshes() + 1);
    const call = run();
    await arrived;
    await connect();
    const boxes = () => skillett.app.database.kysely.selectFrom("credentials").select("box").execute();
    const signedIn = await boxes();
    release();
    expect(await call).toMatchObject(good);
    expect(await boxes()).toEqual(signedIn);
    expect(await run()).toMatchObject(good);
    expect(await status()).toEqual(["connected"]);
  });

  it("a connection that is signed in anew while its renewal is refused for good works", async () => {
    provider.revokeAll();
    const release = provider.holdRefresh();
    const arrived = provider.refreshesArrived(refreshes() + 1);
    const call = run();
    await arrived;
    await connect();
    release();
    expect(await call).toMatchObject(good);
    expect(await status()).toEqual(["connected"]);
    expect(await run()).toMatchObject(good);
  });

  it("a token that is typed in anew while the service refuses the one before works", async () => {
    const id = await skillett.connect("odd", provider.mintToken());
    provider.expireAll();
    const held = provider.holdNext();
    const path = "/v1/odd/get_path";
    const call = skillett.call("POST", path, { body: { params: { path: "json" } } });
    await held.arrived;
    expect(await skillett.connect("odd", provider.mintToken())).toBe(id);
    held.answer({ status: 401 });
    expect(await call).toMatchObject(good);
    expect(await status()).toEqual(["connected", "connected"]);
    provider.expireAll();
    const refused = await skillett.call("POST", path, { body: { params: { path: "json" } } });
    expect(refused).toMatchObject({ status: 401, json: { error: "token_expired" } });
    expect(await status()).toEqual(["connected", "needs_reconnect"]);
  });
});

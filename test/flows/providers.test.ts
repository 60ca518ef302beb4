import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signIn } from "#support/browser.js";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { type RotatingProvider, startRotatingProvider } from "#support/rotating-provider.js";
import { connectBySignIn, registerCallback } from "#support/signing-in.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { insertMember, insertPerson } from "#support/world.js";
import { createSite } from "./program.js";

/** What the operator sets for everybody: OAuth clients, and new keys for what is sealed. */

const withoutClient = (settings: Record<string, string>) =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => !/_CLIENT_(ID|SECRET)$/.test(name)));

onEachEngine("providers", (engine) => {
  let github: GithubStandIn;
  let odd: RotatingProvider;
  let skillett: Skillett;
  const answers: string[] = [];
  beforeAll(async () => {
    [github, odd] = await Promise.all([startGithub(), startRotatingProvider()]);
    const env = { ...withoutClient(github.settings()), ...odd.settings() };
    skillett = await startSkillett(engine, { env });
    registerCallback(skillett, github, odd);
  });
  afterAll(async () => {
    await skillett?.close();
    await github?.close();
    await odd?.close();
  });

  async function call(method: string, path: string, body?: object, key = skillett.key): Promise<Reply> {
    const reply = await skillett.call(method, path, { key, body });
    answers.push(reply.text);
    return reply;
  }
  const provider = async (slug: string) =>
    (await call("GET", "/v1/admin/providers")).json.providers.find(
      (it: { provider: string }) => it.provider === slug,
    );
  const client = () => ({ client_id: github.client.id, client_secret: github.client.secret });
  const me = () => call("POST", "/v1/github/get_authenticated_user", {});

  it("a provider that is not set up is answered with where to register, what to set, and what works now", async () => {
    const { status, json } = await call("POST", "/v1/connect", { integration: "github" });
    expect({ status, json }).toMatchObject({
      status: 400,
      json: { error: "bad_request", next: ["skillett connect github --token -"] },
    });
    for (const part of [
      "GitHub sign-in is not set up on this server",
      "https://github.com/settings/applications/new",
      `${skillett.url}/callback`,
      "SKILLETT_GITHUB_CLIENT_ID and SKILLETT_GITHUB_CLIENT_SECRET",
      "skillett admin provider github --client-id <id>",
    ]) {
      expect(json.message).toContain(part);
    }
    expect((await me()).json).toMatchObject({ next: ["skillett connect github --token -"] });
    expect(await provider("github")).toEqual({
      provider: "github",
      name: "GitHub",
      integrations: ["github"],
      configured: null,
      client_id: null,
      callback_url: `${skillett.url}/callback`,
      register_url: "https://github.com/settings/applications/new",
      settings: ["SKILLETT_GITHUB_CLIENT_ID", "SKILLETT_GITHUB_CLIENT_SECRET"],
    });
    expect(await provider("google")).toMatchObject({ integrations: ["gmail", "google-calendar"] });
    expect(await provider("odd")).toMatchObject({ configured: "environment", client_id: odd.client.id });
  });

  it("people sign in with a client that the operator sets, without any environment", async () => {
    const set = await call("PUT", "/v1/admin/providers/github", client());
    expect(set).toMatchObject({
      status: 200,
      json: { provider: "github", configured: "operator", client_id: github.client.id },
    });
    expect((await me()).json).toMatchObject({ next: ["skillett connect github"] });
    const { told, asked } = await connectBySignIn(skillett, { integration: "github" });
    expect(told).toMatchObject({ status: "connected", account: "octocat" });
    expect(asked.searchParams.get("client_id")).toBe(github.client.id);
    expect((await me()).json).toMatchObject({ status: 200, data: { login: "octocat" } });
  });

  it("the secret of a client is in no answer, and in the database only sealed", async () => {
    await provider("github");
    const { kysely } = skillett.app.database;
    const rows = await kysely.selectFrom("provider_clients").selectAll().execute();
    expect(rows).toMatchObject([{ provider: "github", client_id: github.client.id }]);
    const stored = [
      rows,
      await kysely.selectFrom("connect_attempts").selectAll().execute(),
      await kysely.selectFrom("connections").selectAll().execute(),
      await kysely.selectFrom("credentials").selectAll().execute(),
      await kysely.selectFrom("skill_calls").selectAll().execute(),
    ];
    for (const text of [...answers, JSON.stringify(stored)]) {
      expect(text).not.toContain(github.client.secret);
      for (const token of github.liveTokens()) expect(text).not.toContain(token);
    }
  });

  it("a client of one provider does not open at another", async () => {
    const { kysely } = skillett.app.database;
    await kysely.updateTable("provider_clients").set({ provider: "slack" }).execute();
    const { status, json } = await call("POST", "/v1/connect", { integration: "slack" });
    expect({ status, error: json.error }).toEqual({ status: 500, error: "internal" });
    await kysely.updateTable("provider_clients").set({ provider: "github" }).execute();
  });

  it("the operator alone sets clients and rotates keys, and no other owner or admin", async () => {
    const stranger = await insertPerson(skillett.app.database, "stranger");
    const admin = await insertMember(skillett.app.database, "admin", "admin");
    const asked: [string, string, object?][] = [
      ["GET", "/v1/admin/providers"],
      ["PUT", "/v1/admin/providers/github", { client_id: "evil", client_secret: "evil" }],
      ["DELETE", "/v1/admin/providers/github"],
      ["PUT", "/v1/admin/providers/unknown", { client_id: "evil", client_secret: "evil" }],
      ["POST", "/v1/admin/rotate-keys", {}],
    ];
    const keysBefore = await skillett.app.database.kysely.selectFrom("data_keys").select("id").execute();
    for (const key of [stranger.key, admin.key]) {
      for (const [method, path, body] of asked) {
        const { status, json } = await call(method, path, body, key);
        expect([method, path, status, json.error]).toEqual([method, path, 403, "forbidden"]);
      }
    }
    expect(await provider("github")).toMatchObject({ client_id: github.client.id });
    expect(await skillett.app.database.kysely.selectFrom("data_keys").select("id").execute()).toEqual(
      keysBefore,
    );
  });

  it.each([
    ["an unknown provider", "githib", { client_id: "a", client_secret: "b" }, 404, "not_found"],
    ["no secret", "github", { client_id: "a" }, 400, "bad_request"],
    ["an empty id", "github", { client_id: "", client_secret: "b" }, 400, "bad_request"],
    ["a secret with a line break", "github", { client_id: "a", client_secret: "b\nc" }, 400, "bad_request"],
    ["an unknown field", "github", { client_id: "a", client_secret: "b", url: "c" }, 400, "bad_request"],
  ])("a client with %s is refused", async (_, slug, body, status, error) => {
    const reply = await call("PUT", `/v1/admin/providers/${slug}`, body);
    expect([reply.status, reply.json.error]).toEqual([status, error]);
    expect(await provider("github")).toMatchObject({ client_id: github.client.id });
  });

  it("a client that the operator sets goes before the environment, which counts again afterwards", async () => {
    const path = "/v1/admin/providers/odd";
    const clientOf = async () => {
      const { json } = await call("POST", "/v1/connect", { integration: "odd-oauth" });
      return new URL(json.oauth_url).searchParams.get("client_id");
    };
    await call("PUT", path, { client_id: "set-by-operator", client_secret: "secret-of-operator" });
    expect(await clientOf()).toBe("set-by-operator");
    expect((await call("DELETE", path)).json).toMatchObject({
      configured: "environment",
      client_id: odd.client.id,
    });
    expect(await clientOf()).toBe(odd.client.id);
    expect((await call("DELETE", path)).status).toBe(200);

    expect((await call("DELETE", "/v1/admin/providers/github")).json).toMatchObject({ configured: null });
    expect((await call("POST", "/v1/connect", { integration: "github" })).status).toBe(400);
    // What is connected goes on.
    expect((await me()).json).toMatchObject({ status: 200 });
    await call("PUT", "/v1/admin/providers/github", client());
  });

  describe("new data keys", () => {
    const rotate = async () => {
      let step = await call("POST", "/v1/admin/rotate-keys", {});
      while (step.json.remaining > 0) {
        step = await call("POST", "/v1/admin/rotate-keys", { rotation: step.json.rotation });
      }
      expect(step.status).toBe(200);
      return step.json.rotation as string;
    };
    const boxes = async () => {
      const { kysely } = skillett.app.database;
      const credentials = await kysely.selectFrom("credentials").select("box").execute();
      const clients = await kysely.selectFrom("provider_clients").select("box").execute();
      return [...credentials, ...clients].map(({ box }) => box);
    };

    it("every connection calls, renews and signs in as before with new keys, begun sign-ins included", async () => {
      await connectBySignIn(skillett, { integration: "odd-oauth" });
      await skillett.call("POST", "/v1/connect", {
        body: {
          integration: "odd-machine",
          credentials: { client_id: odd.client.id, client_secret: odd.client.secret },
        },
      });
      const odds = ["odd-oauth", "odd-machine"];
      const begun = (await call("POST", "/v1/connect", { integration: "odd-oauth" })).json;

      for (const _ of [1, 2]) {
        const rotation = await rotate();
        for (const box of await boxes()) expect(box.startsWith(`${rotation}.`)).toBe(true);
        odd.expireAll();
        for (const integration of odds) {
          const { json } = await call("POST", `/v1/${integration}/get_path`, {});
          expect(json).toMatchObject({ status: 200, data: { id: expect.any(Number) } });
        }
        expect((await me()).json).toMatchObject({ status: 200, data: { login: "octocat" } });
      }
      expect((await signIn(begun.oauth_url)).status).toBe(200);
      expect((await call("GET", `/v1/connect/${begun.connection_id}`)).json.status).toBe("connected");
      const { told } = await connectBySignIn(skillett, { integration: "github" });
      expect(told.status).toBe("connected");
    });

    it("new keys that come while calls renew their tokens lose nothing", async () => {
      for (const _ of [1, 2, 3]) {
        odd.expireAll();
        const calls = Array.from({ length: 8 }, () => call("POST", "/v1/odd-oauth/get_path", {}));
        await rotate();
        for (const { json } of await Promise.all(calls)) expect(json).toMatchObject({ status: 200 });
      }
    });

    it.each([
      [{ rotation: "dk_unknown" }, 400],
      [{ rotation: "x".repeat(65) }, 400],
      [{ rotation: 7 }, 400],
    ])("a rotation step with %j is refused", async (body, status) => {
      expect((await call("POST", "/v1/admin/rotate-keys", body)).status).toBe(status);
    });
  });
});

describe("the log of a server at the level trace", () => {
  it("the log has no secret of a provider, of a sign-in or of a renewal", async () => {
    const odd = await startRotatingProvider();
    const env = { ...withoutClient(odd.settings()), SKILLETT_LOG_LEVEL: "trace" };
    const site = await createSite("sqlite", env);
    try {
      const server = await site.up();
      odd.registerRedirect(`${server.url}/callback`);
      const client = { client_id: odd.client.id, client_secret: odd.client.secret };
      await site.call("PUT", "/v1/admin/providers/odd", client);
      const { json } = await site.call("POST", "/v1/connect", { integration: "odd-oauth" });
      const back = (await signIn(json.oauth_url, { stopAt: server.url })).url;
      expect((await fetch(back)).status).toBe(200);
      await fetch(back);
      const tokens = odd.liveTokens();
      const run = async () => (await site.call("POST", "/v1/odd-oauth/get_path", {})).json.status;
      odd.expireAll();
      expect(await run()).toBe(200);
      odd.expireAll();
      odd.failNextToken({ status: 400, body: { error: "invalid_grant", error_description: tokens[1] } });
      expect(await run()).toBeUndefined();
      odd.nextTokenAnswer({ body: `{"access_token":"${tokens[0]}","expires_in":{}}` });
      await site.call("POST", "/v1/connect", { integration: "odd-machine", credentials: client });
      await site.call("POST", "/v1/admin/rotate-keys", {});

      const log = server.stderr();
      expect(log).toContain("Server listening");
      const { searchParams } = new URL(back);
      const secrets = [client.client_secret, searchParams.get("code")!, searchParams.get("state")!];
      for (const secret of [...secrets, ...tokens, ...odd.liveTokens()]) expect(log).not.toContain(secret);
    } finally {
      await site.close();
      await odd.close();
    }
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectBySignIn, registerCallback } from "#support/signing-in.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { octocat, type StandIns, services, settingsOf, startAll } from "./real-services.js";

/** The four services, as people use them: sign in, call, let the token end, call on. */

const callOf = (skillett: Skillett, integration: string) => (endpoint: string, params: object) =>
  skillett.call("POST", `/v1/${integration}/${endpoint}`, { body: { params } });
const connectionsOf = async (skillett: Skillett, integration: string) =>
  (await skillett.call("GET", `/v1/connections?integration=${integration}`)).json.connections;

async function closeAll(skillett: Skillett | undefined, standIns: StandIns | undefined): Promise<void> {
  await skillett?.close();
  for (const standIn of Object.values(standIns ?? {})) await standIn.close();
}

onEachEngine("services whose tokens are renewed", (engine) => {
  let standIns: StandIns;
  let skillett: Skillett;
  beforeAll(async () => {
    standIns = await startAll(true);
    skillett = await startSkillett(engine, { env: settingsOf(standIns) });
    registerCallback(skillett, ...Object.values(standIns));
  });
  afterAll(() => closeAll(skillett, standIns));

  describe.each(services)("$integration", ({ integration, provider, as, account, read, write }) => {
    const call: (endpoint: string, params: object) => Promise<Reply> = (endpoint, params) =>
      callOf(skillett, integration)(endpoint, params);
    let id: string;

    it("a connection says whose account it is, reads and writes", async () => {
      const { page, told, ...connected } = await connectBySignIn(skillett, { integration }, { as });
      id = connected.id;
      expect(told).toEqual({ status: "connected", integration, connection_id: id, account });
      expect(page.html).toContain(`<strong>${account}</strong>`);
      expect(await connectionsOf(skillett, integration)).toMatchObject([
        { id, account, status: "connected", default: true, shared: false },
      ]);
      expect((await call(read.endpoint, read.params)).json).toMatchObject({ status: 200, data: read.data });
      const written = await call(write.endpoint, write.params);
      expect(written.json).toMatchObject({ status: write.status, data: write.data });
    });

    it("a token that has ended is renewed with one request, again and again", async () => {
      const { tokenRequests, expireAll } = standIns[provider];
      const asked = tokenRequests.length;
      for (const round of [1, 2, 3]) {
        expireAll();
        const replies = await Promise.all([1, 2, 3, 4].map(() => call(read.endpoint, read.params)));
        for (const { json } of replies) expect(json).toMatchObject({ status: 200, data: read.data });
        expect(tokenRequests.slice(asked).map(({ grantType }) => grantType)).toEqual(
          Array(round).fill("refresh_token"),
        );
      }
      expireAll();
      expect((await call(write.endpoint, write.params)).json).toMatchObject({ status: write.status });
    });

    it("a provider that cannot renew a token just now breaks nothing", async () => {
      const { expireAll, failNextToken } = standIns[provider];
      expireAll();
      failNextToken({ status: 503, body: "Down for maintenance" });
      expect(await call(read.endpoint, read.params)).toMatchObject({
        status: 502,
        json: { error: "upstream_unreachable", retryable: true },
      });
      expect(await connectionsOf(skillett, integration)).toMatchObject([{ id, status: "connected" }]);
      expect((await call(read.endpoint, read.params)).json).toMatchObject({ status: 200 });
    });

    it("access that was taken back is token_expired after one try, and the next step heals it", async () => {
      const { tokenRequests, expireAll, revokeRefreshTokens } = standIns[provider];
      expireAll();
      revokeRefreshTokens();
      const asked = tokenRequests.length;
      const refused = await call(read.endpoint, read.params);
      const next = `skillett connect ${integration} --connection ${id}`;
      expect(refused).toMatchObject({ status: 401, json: { error: "token_expired", next: [next] } });
      await call(read.endpoint, read.params);
      await call(write.endpoint, write.params);
      expect(tokenRequests.length).toBe(asked + 1);
      expect(await connectionsOf(skillett, integration)).toMatchObject([{ id, status: "needs_reconnect" }]);

      const again = await connectBySignIn(skillett, { integration, connection: id }, { as });
      expect(again.told).toMatchObject({ status: "connected", connection_id: id, account });
      expect(await connectionsOf(skillett, integration)).toMatchObject([{ id, status: "connected" }]);
      expect((await call(read.endpoint, read.params)).json).toMatchObject({ status: 200, data: read.data });
    });

    it("a denial on the service's own page stores nothing, and leaves what there was", async () => {
      const { told, page } = await connectBySignIn(skillett, { integration }, { as, deny: true });
      expect(told).toMatchObject({ status: "error", message: expect.stringContaining("was denied") });
      expect(page.html).toContain("You did not allow it");
      expect(await connectionsOf(skillett, integration)).toMatchObject([{ id, status: "connected" }]);
    });
  });

  it("Gmail and Calendar are two connections of one client, each with its own scopes", async () => {
    const [mail] = await connectionsOf(skillett, "gmail");
    const [calendar] = await connectionsOf(skillett, "google-calendar");
    expect(mail.id).not.toBe(calendar.id);
    expect(mail.scopes).toEqual(["https://www.googleapis.com/auth/gmail.modify"]);
    expect(calendar.scopes).toEqual(["https://www.googleapis.com/auth/calendar"]);
  });

  it.each([
    ["github", "octocat"],
    ["slack", "octocat"],
  ] as const)("an account of %s whose token has ended is revoked all the same", async (integration, as) => {
    const { id } = await connectBySignIn(skillett, { integration }, { as });
    standIns[integration].expireAll();
    const { json } = await skillett.call("DELETE", `/v1/connections/${id}`);
    expect(json).toMatchObject({ status: "disconnected", revoked: true });
    expect(standIns[integration].requests.at(-1)!.path).toMatch(/revoke$|token$/);
    await connectBySignIn(skillett, { integration }, { as });
  });

  it("a client that the operator set up wrongly is the operator's matter, and heals with it", async () => {
    const right = { client_id: standIns.github.client.id, client_secret: standIns.github.client.secret };
    const set = (body: object) => skillett.call("PUT", "/v1/admin/providers/github", { body });
    await set({ ...right, client_secret: "not-the-secret" });
    standIns.github.expireAll();
    const me = () => callOf(skillett, "github")("get_authenticated_user", {});
    expect(await me()).toMatchObject({
      status: 502,
      json: { error: "upstream_unreachable", retryable: false, message: expect.stringContaining("operator") },
    });
    expect(await connectionsOf(skillett, "github")).toMatchObject([{ status: "connected" }]);
    await set(right);
    expect((await me()).json).toMatchObject({ status: 200, data: { login: "octocat" } });
  });
});

onEachEngine("services whose tokens are not renewed", (engine) => {
  let standIns: StandIns;
  let skillett: Skillett;
  beforeAll(async () => {
    standIns = await startAll(false);
    skillett = await startSkillett(engine, { env: settingsOf(standIns) });
    registerCallback(skillett, ...Object.values(standIns));
  });
  afterAll(() => closeAll(skillett, standIns));

  const once = services.filter(({ provider }) => provider !== "google");
  it.each(once)("a token of $integration that has ended needs a new sign-in", async (service) => {
    const { integration, provider, as, account, read } = service;
    const call = () => callOf(skillett, integration)(read.endpoint, read.params);
    const { id } = await connectBySignIn(skillett, { integration }, { as });
    expect((await call()).json).toMatchObject({ status: 200, data: read.data });
    const { tokenRequests, expireAll } = standIns[provider];
    const asked = tokenRequests.length;
    expireAll();
    expect(await call()).toMatchObject({
      status: 401,
      json: {
        error: "token_expired",
        action_url: `${skillett.url}/dashboard/integrations`,
        next: [`skillett connect ${integration} --connection ${id}`],
        retryable: false,
      },
    });
    expect(tokenRequests.length).toBe(asked);
    expect(await connectionsOf(skillett, integration)).toMatchObject([{ id, status: "needs_reconnect" }]);

    const again = await connectBySignIn(skillett, { integration, connection: id }, { as });
    expect(again.told).toMatchObject({ status: "connected", connection_id: id, account });
    expect(await connectionsOf(skillett, integration)).toMatchObject([{ id, status: "connected" }]);
    expect((await call()).json).toMatchObject({ status: 200, data: read.data });
  });

  it("the first of two accounts of a service is the default, and the other is called by name", async () => {
    await connectBySignIn(skillett, { integration: "slack" }, { as: "hubot" });
    expect(await connectionsOf(skillett, "slack")).toMatchObject([
      { account: "octocat@Acme", default: true },
      { account: "hubot@Acme", default: false },
    ]);
    const who = async (connection?: string) =>
      (await skillett.call("POST", "/v1/slack/test_auth", { body: { params: {}, connection } })).json.data
        .user;
    expect([await who(), await who("hubot@Acme")]).toEqual(["octocat", "hubot"]);
  });

  it("an answer of Slack that is no success is a refusal, and is handed on as it is", async () => {
    const reply = await callOf(skillett, "slack")("post_message", { channel: "nowhere", text: "Hello" });
    expect(reply).toMatchObject({
      status: 200,
      json: { status: 200, data: { ok: false, error: "channel_not_found" } },
    });
    expect(reply.json.refused).toEqual({ message: "channel_not_found" });
    expect(reply.json.hint).toBeUndefined();
  });

  it.each([
    ["github", "octocat", { SKILLETT_GITHUB_CLIENT_SECRET: "wrong" }, "incorrect_client_credentials"],
    ["slack", "octocat", { SKILLETT_SLACK_CLIENT_SECRET: "wrong" }, "bad_client_secret"],
    ["gmail", octocat, { SKILLETT_GOOGLE_CLIENT_SECRET: "wrong" }, "invalid_client"],
  ])("a wrong client secret of %s is the operator's to check", async (integration, as, wrong, code) => {
    const other = await startSkillett(engine, { env: { ...settingsOf(standIns), ...wrong } });
    try {
      registerCallback(other, ...Object.values(standIns));
      const { page, told } = await connectBySignIn(other, { integration }, { as });
      expect(told.status).toBe("error");
      for (const text of [told.message, page.html]) {
        expect(text).toContain(code);
        expect(text).toContain("The operator must check its id, its secret and the callback URL");
      }
      expect(await connectionsOf(other, integration)).toEqual([]);
    } finally {
      await other.close();
    }
  });
});

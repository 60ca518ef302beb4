import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { type GoogleStandIn, startGoogle } from "#support/google-stand-in.js";
import type { OauthStandIn } from "#support/oauth-stand-in.js";
import { type RotatingProvider, startRotatingProvider } from "#support/rotating-provider.js";
import type { Fault } from "#support/service-front.js";
import { connectBySignIn, registerCallback } from "#support/signing-in.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { type SlackStandIn, startSlack } from "#support/slack-stand-in.js";
import { octocat, services } from "./disconnect-table.js";

/** Disconnected is gone: at the service, here, and for whatever is under way. */

onEachEngine("disconnecting", (engine) => {
  let github: GithubStandIn;
  let google: GoogleStandIn;
  let slack: SlackStandIn;
  let odd: RotatingProvider;
  let skillett: Skillett;
  beforeAll(async () => {
    [github, google, slack, odd] = await Promise.all([
      startGithub(),
      startGoogle(),
      startSlack(),
      startRotatingProvider(),
    ]);
    const settings = [github, google, slack, odd].map((it) => it.settings());
    const env = Object.assign({ SKILLETT_UPSTREAM_TIMEOUT_SECONDS: "1" }, ...settings);
    // The client at Slack is the operator's, so that it can be taken away again.
    for (const part of ["ID", "SECRET"]) delete env[`SKILLETT_SLACK_CLIENT_${part}`];
    skillett = await startSkillett(engine, { env });
    registerCallback(skillett, github, google, slack, odd);
    await setUpSlack(slack.client);
  });
  afterAll(async () => {
    await skillett?.close();
    for (const service of [github, google, slack, odd]) await service?.close();
  });

  const setUpSlack = ({ id, secret }: { id: string; secret: string }) =>
    skillett.call("PUT", "/v1/admin/providers/slack", { body: { client_id: id, client_secret: secret } });
  const connect = async (integration: string, as = "octocat") =>
    (await connectBySignIn(skillett, { integration }, { as })).id;
  const disconnect = async (id: string) => (await skillett.call("DELETE", `/v1/connections/${id}`)).json;
  const call = (integration: string, endpoint: string, params: object = {}) =>
    skillett.call("POST", `/v1/${integration}/${endpoint}`, { body: { params } });
  const connections = async () => (await skillett.call("GET", "/v1/connections")).json.connections;
  const credentials = () => skillett.app.database.kysely.selectFrom("credentials").selectAll().execute();
  const expectNothingLeft = async () => {
    expect(await connections()).toEqual([]);
    expect(await credentials()).toEqual([]);
  };
  const lastRequest = (standIn: OauthStandIn) => {
    const { method, path } = standIn.requests.at(-1)!;
    return `${method} ${path}`;
  };
  const expectNotRevoked = (told: { message: string }, why: string) => {
    expect(told).toMatchObject({ status: "disconnected", revoked: false });
    expect(told.message).toContain("is erased here, but it was not revoked");
    expect(told.message).toContain(why);
  };
  /** What somebody with a backup of the database has: the rows as they were, put back. */
  async function backup(id: string): Promise<() => Promise<void>> {
    const { kysely } = skillett.app.database;
    const row = await kysely.selectFrom("connections").selectAll().where("id", "=", id).executeTakeFirst();
    const box = (await credentials()).find(({ connection_id }) => connection_id === id)!;
    return async () => {
      const { is_default, status } = row!;
      await kysely.updateTable("connections").set({ is_default, status }).where("id", "=", id).execute();
      await kysely.insertInto("credentials").values(box).execute();
    };
  }

  describe.each(Object.entries(services))("%s", (integration, { provider, as, endpoint, at, renews }) => {
    const standIn = () => ({ github, google, slack, odd })[provider];

    it("a connection is revoked at the service and erased here, and the audit log stays", async () => {
      const id = await connect(integration, as);
      expect((await call(integration, endpoint)).json.status).toBe(200);
      const putBack = await backup(id);
      expect(await disconnect(id)).toEqual({
        connection_id: id,
        integration,
        status: "disconnected",
        revoked: true,
      });
      expect(lastRequest(standIn())).toMatch(at);
      await expectNothingLeft();
      const { json } = await skillett.call("GET", `/v1/calls?integration=${integration}`);
      expect(json.calls).toMatchObject([{ connection_id: id, endpoint, status: "completed" }]);
      expect(await call(integration, endpoint)).toMatchObject({
        status: 403,
        json: { error: "integration_not_connected", next: [`skillett connect ${integration}`] },
      });
      expect((await skillett.call("DELETE", `/v1/connections/${id}`)).status).toBe(404);

      // Whoever kept the tokens has nothing: neither to call with nor to renew.
      await putBack();
      expect((await call(integration, endpoint)).json.error).toBe("token_expired");
      await disconnect(id);
      await expectNothingLeft();
    });

    const faults: [string, Fault, string][] = [
      ["that is down", { status: 503, body: "Down" }, "HTTP 503"],
      ["that never answers", "hang", "did not answer in time"],
    ];
    it.each(faults)("a connection at a service %s is erased, but not revoked", async (_, fault, why) => {
      const id = await connect(integration, as);
      standIn().failNext(fault);
      if (renews) standIn().failNextToken(fault);
      expectNotRevoked(await disconnect(id), why);
      await expectNothingLeft();
    });

    it("a connection at a service that refuses is erased, and the answer says that it was not revoked", async () => {
      const id = await connect(integration, as);
      for (const _ of renews ? [1, 2] : [1]) standIn().failNext({ status: 403, body: { error: "no" } });
      expectNotRevoked(await disconnect(id), "HTTP 403");
      await expectNothingLeft();
    });
  });

  it("a typed-in token is erased here, and the answer says that only the service can revoke it", async () => {
    const token = github.mintToken();
    const told = await disconnect(await skillett.connect("github", token));
    expect(told).toMatchObject({ status: "disconnected", revoked: false });
    expect(told.message).toContain("only the service itself can revoke what was typed in");
    expect(JSON.stringify(told)).not.toContain(token);
    await expectNothingLeft();
  });

  it("a connection whose credential cannot be opened is erased, and not revoked", async () => {
    const id = await connect("github");
    await skillett.app.database.kysely.updateTable("credentials").set({ box: "dk_0.AAAA" }).execute();
    const told = await disconnect(id);
    expect(told).toMatchObject({ revoked: false, message: expect.stringContaining("could not be read") });
    await expectNothingLeft();
  });

  it("a connection of Slack is revoked also after another client was set up", async () => {
    const id = await connect("slack");
    await setUpSlack({ id: "client-1", secret: "secret-1" });
    // Slack takes the token itself; the client that is set up has no part in it.
    expect(await disconnect(id)).toMatchObject({ revoked: true });
    await setUpSlack(slack.client);
    await expectNothingLeft();
  });

  it("a connection whose client is no longer set up is erased, and the answer says why it was not revoked", async () => {
    const id = await connect("slack");
    expect((await skillett.call("DELETE", "/v1/admin/providers/slack")).status).toBe(200);
    const sent = slack.requests.length;
    expectNotRevoked(await disconnect(id), "Slack sign-in is not set up here any more");
    expect(slack.requests.length).toBe(sent);
    await expectNothingLeft();
    await setUpSlack(slack.client);
  });

  describe("connections of one account at Google", () => {
    it("a connection of Gmail is not revoked while Calendar of the same account is connected", async () => {
      const gmail = await connect("gmail", octocat);
      const calendar = await connect("google-calendar", octocat);
      const sent = google.requests.length;
      const told = await disconnect(gmail);
      expect(told).toMatchObject({ status: "disconnected", revoked: false });
      expect(told.message).toContain(`Google would end the other connections of ${octocat} as well`);
      expect(google.requests.length).toBe(sent);
      expect((await call("gmail", "get_profile")).json.error).toBe("integration_not_connected");
      google.expireAll();
      expect((await call("google-calendar", "list_calendars")).json).toMatchObject({ status: 200 });
      const putBack = await backup(calendar);
      expect(await disconnect(calendar)).toMatchObject({ revoked: true });
      await putBack();
      expect((await call("google-calendar", "list_calendars")).json.error).toBe("token_expired");
      await disconnect(calendar);
      await expectNothingLeft();
    });

    it("a connection is not revoked while nobody knows whose another one is, or its own", async () => {
      const gmail = await connect("gmail", octocat);
      const other = await connect("google-calendar", "hubot@acme.example");
      const forget = (id: string) =>
        skillett.app.database.kysely
          .updateTable("connections")
          .set({ account_id: "" })
          .where("id", "=", id)
          .execute();
      await forget(other);
      expect(await disconnect(gmail)).toMatchObject({ revoked: false });
      const again = await connect("gmail", octocat);
      expect(await disconnect(other)).toMatchObject({ revoked: false });
      expect(await disconnect(again)).toMatchObject({ revoked: true });
    });

    it("a connection of Gmail is revoked while Calendar of another account is connected", async () => {
      const gmail = await connect("gmail", octocat);
      const other = await connect("google-calendar", "hubot@acme.example");
      expect(await disconnect(gmail)).toMatchObject({ revoked: true });
      expect((await call("google-calendar", "list_calendars")).json).toMatchObject({ status: 200 });
      await disconnect(other);
    });

    it("one of two connections of an account that are disconnected at the same moment is revoked", async () => {
      const ids = [await connect("gmail", octocat), await connect("google-calendar", octocat)];
      const told = await Promise.all(ids.map(disconnect));
      expect(told.map(({ revoked }) => revoked).sort()).toEqual([false, true]);
      await expectNothingLeft();
    });
  });

  describe("calls and renewals under way", () => {
    it("a call under way gets its answer, and brings no connection back", async () => {
      const id = await connect("odd-oauth");
      const { call: inFlight, answer } = await heldCall();
      expect(await disconnect(id)).toMatchObject({ revoked: true });
      answer({ status: 200, body: { held: true } });
      expect((await inFlight).json).toEqual({ status: 200, data: { held: true } });
      await expectNothingLeft();
    });

    it("a call that is refused after its account was disconnected names the next step, which works", async () => {
      const id = await connect("odd-oauth");
      const { call: inFlight, answer } = await heldCall();
      await disconnect(id);
      answer({ status: 401, body: {} });
      expect(await inFlight).toMatchObject({
        status: 403,
        json: { error: "integration_not_connected", next: ["skillett connect odd-oauth"] },
      });
      await expectNothingLeft();
      // What it names as the next step works.
      const again = await connect("odd-oauth");
      expect((await call("odd-oauth", "get_path", { path: "json" })).json).toMatchObject({ status: 200 });
      await disconnect(again);
    });

    it("a refused call with a token that cannot be renewed says that nothing is connected", async () => {
      const id = await connect("github");
      const { call: inFlight, answer } = await heldCall(github, "/v1/github/get_authenticated_user");
      await disconnect(id);
      answer({ status: 401, body: { message: "Bad credentials" } });
      expect(await inFlight).toMatchObject({ json: { error: "integration_not_connected" } });
      await expectNothingLeft();
    });

    it("a renewal under way is waited for, and what came of it is revoked", async () => {
      const id = await connect("odd-oauth");
      const putBack = await backup(id);
      odd.expireAll();
      const [release, refreshes] = [odd.holdRefresh(), odd.refreshCount()];
      const inFlight = call("odd-oauth", "get_path");
      await odd.refreshesArrived(refreshes + 1);
      const disconnected = disconnect(id);
      release();
      const [{ status, json }, told] = await Promise.all([inFlight, disconnected]);
      expect(told).toMatchObject({ status: "disconnected", revoked: true });
      expect([200, 403], JSON.stringify(json)).toContain(status);
      await expectNothingLeft();
      expect(odd.liveTokens()).toEqual([]);
      await putBack();
      expect((await call("odd-oauth", "get_path")).json.error).toBe("token_expired");
      await disconnect(id);
      await expectNothingLeft();
    });

    it("a connection that is disconnected twice at once is revoked once, and is gone for both", async () => {
      const id = await connect("odd-oauth");
      const revocations = odd.revokeCount();
      const replies = await Promise.all([1, 2].map(() => skillett.call("DELETE", `/v1/connections/${id}`)));
      for (const { status, json } of replies) {
        if (status === 404) expect(json).toMatchObject({ error: "not_found" });
        else expect([status, json.status]).toEqual([200, "disconnected"]);
      }
      expect(replies.map(({ status }) => status)).toContain(200);
      expect(odd.revokeCount()).toBe(revocations + 1);
      await expectNothingLeft();
    });
  });

  /** A call that has reached the service and gets `answer` when the test says so. */
  async function heldCall(standIn: OauthStandIn = odd, path = "/v1/odd-oauth/get_path") {
    const held = standIn.holdNext();
    const inFlight = skillett.call("POST", path, { body: { params: {} } });
    await held.arrived;
    return { call: inFlight, answer: held.answer };
  }
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GithubStandIn, startGithub } from "../support/github-stand-in.js";
import { type GoogleStandIn, startGoogle } from "../support/google-stand-in.js";
import type { OauthStandIn } from "../support/oauth-stand-in.js";
import { type RotatingProvider, startRotatingProvider } from "../support/rotating-provider.js";
import type { Fault } from "../support/service-front.js";
import { connectBySignIn, registerCallback } from "../support/signing-in.js";
import { onEachEngine, type Skillett, startSkillett } from "../support/skillett.js";
import { type SlackStandIn, startSlack } from "../support/slack-stand-in.js";

/** Disconnected is gone: at the service, here, and for whatever is under way. */

const octocat = "octocat@acme.example";

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
    const services = [github, google, slack, odd].map((it) => it.settings());
    const env = Object.assign({ SKILLETT_UPSTREAM_TIMEOUT_SECONDS: "1" }, ...services);
    skillett = await startSkillett(engine, { env });
    registerCallback(skillett, github, google, slack, odd);
  });
  afterAll(async () => {
    await skillett?.close();
    for (const service of [github, google, slack, odd]) await service?.close();
  });

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
  const services: Record<string, { standIn: () => OauthStandIn; as: string; endpoint: string; at: RegExp }> = {
    github: {
      standIn: () => github,
      as: "octocat",
      endpoint: "get_authenticated_user",
      at: /^DELETE \/applications\/[^/]+\/token$/,
    },
    gmail: { standIn: () => google, as: octocat, endpoint: "get_profile", at: /^POST \/oauth2\/revoke$/ },
    "google-calendar": {
      standIn: () => google,
      as: octocat,
      endpoint: "list_calendars",
      at: /^POST \/oauth2\/revoke$/,
    },
    slack: {
      standIn: () => slack,
      as: "octocat",
      endpoint: "test_auth",
      at: /^POST \/api\/auth\.revoke$/,
    },
    "odd-oauth": { standIn: () => odd, as: "octocat", endpoint: "get_path", at: /^POST \/revoke$/ },
  };
  /** Asks the service itself, with the token our last request there carried. */
  const lastRequest = (standIn: OauthStandIn) => {
    const { method, path } = standIn.requests.at(-1)!;
    return `${method} ${path}`;
  };

  describe.each(Object.entries(services))("%s", (integration, { standIn, as, endpoint, at }) => {
    it("is revoked at the service and erased here; the audit log stays", async () => {
      const grabbed = grabTokens(skillett);
      const id = await connect(integration, as);
      expect((await call(integration, endpoint)).json.status).toBe(200);
      const tokens = await grabbed(id);
      expect(await standsOpen(integration, tokens)).toBe(true);
      expect(await disconnect(id)).toEqual({
        connection_id: id,
        integration,
        status: "disconnected",
        revoked: true,
      });
      expect(lastRequest(standIn())).toMatch(at);
      await expectNothingLeft();
      expect(await standsOpen(integration, tokens)).toBe(false);

      const { json } = await skillett.call("GET", `/v1/calls?integration=${integration}`);
      expect(json.calls).toMatchObject([{ connection_id: id, endpoint, status: "completed" }]);
      expect(await call(integration, endpoint)).toMatchObject({
        status: 403,
        json: { error: "integration_not_connected", next: [`skillett connect ${integration}`] },
      });
      expect((await skillett.call("DELETE", `/v1/connections/${id}`)).status).toBe(404);
      expect((await skillett.call("GET", `/v1/connections`)).json.connections).toEqual([]);
    });

    const faults: [string, Fault, string][] = [
      ["that is down", { status: 503, body: "Down" }, "HTTP 503"],
      ["that never answers", "hang", "did not answer in time"],
      ["that refuses", { status: 403, body: { error: "no" } }, "HTTP 403"],
    ];
    it.each(faults)("at a service %s it is erased all the same, and says so", async (_, fault, why) => {
      const id = await connect(integration, as);
      standIn().failNext(fault);
      const told = await disconnect(id);
      expect(told).toMatchObject({ status: "disconnected", revoked: false });
      expect(told.message).toContain("is erased here, but it was not revoked");
      expect(told.message).toContain(why);
      await expectNothingLeft();
    });
  });
});

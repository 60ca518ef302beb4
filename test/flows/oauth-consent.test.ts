import * as openid from "openid-client";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { onEachEngine } from "#support/skillett.js";
import { createVisitor } from "#support/visitor.js";
import { createTenant, type Tenant } from "#support/world.js";
import { createRemoteClients, type OAuthStage, pathOf, startOAuthStage } from "./oauth-stage.js";

/** The person who decides about a program: what they see, may choose, and take back. */

onEachEngine("OAuth consent", (engine) => {
  let stage: OAuthStage;
  let client: openid.Configuration;
  let tenant: Tenant;
  beforeAll(async () => {
    stage = await startOAuthStage(engine, { env: { SKILLETT_SIGN_UP: "open" } });
    client = await stage.register();
    tenant = await createTenant(stage.skillett, "acme");
  });
  afterAll(() => stage?.skillett.close());
  // Nobody waits for anything that another test has counted.
  beforeEach(() => stage.wait(3_600));

  const newAgent = async (name: string): Promise<string> =>
    (await stage.owner.call("POST", "/api/agents", { name })).json.agent.id;
  const listed = async (by = stage.owner) => (await by.call("GET", "/api/authorizations")).json;

  describe("the person", () => {
    it("a person sees who asks, what for, and where it leads", async () => {
      const request = await stage.begin(client, { scope: "github:read slack" });
      const { uid } = await request.open();
      const seen = await request.see(uid);
      expect(seen.json).toEqual({
        clientId: client.clientMetadata().client_id,
        clientName: "Test client",
        clientHost: null,
        redirectTo: "127.0.0.1:49152",
        scopes: ["github:read", "slack"],
        suggestedAgentId: null,
      });
      expect(seen.headers.get("cache-control")).toBe("no-store");
    });

    it("a person is asked each time, whatever was allowed before", async () => {
      await stage.letIn(client);
      const { uid } = await (await stage.begin(client)).open();
      expect(uid).not.toBe("");
    });

    it("a person gives a program an agent, and less than it asks for", async () => {
      const agentId = await newAgent("Reporter");
      const choice = { agentId, scopes: ["github:read"] };
      const tokens = await stage.letIn(client, { scope: "*" }, choice);
      expect(tokens.scope).toBe("github:read");
      expect(await stage.use(tokens.access_token)).toMatchObject({ agentId, scopes: ["github:read"] });
      expect((await listed()).authorizations[0]).toMatchObject({
        clientName: "Test client",
        agent: { id: agentId, name: "Reporter" },
        scopes: ["github:read"],
        lastUsedAt: expect.any(String),
      });
      // Next time the same is proposed.
      const request = await stage.begin(client);
      expect((await request.see((await request.open()).uid)).json.suggestedAgentId).toBe(agentId);
    });

    it("a program for an agent only reads, for 90 days, unless the person chooses otherwise", async () => {
      const day = 24 * 3_600;
      const agentId = await newAgent("Narrow");
      const scope = "github gmail:write slack.list_* *:read";
      const narrow = await stage.letIn(client, { scope }, { agentId });
      const { scopes } = await stage.use(narrow.access_token);
      expect(scopes.slice(0, 1)).toEqual(["github:read"]);
      expect(scopes.at(-1)).toBe("*:read");
      expect(scopes.every((it) => /:read$|^slack\.list_\w+$/.test(it))).toBe(true);
      const [grant] = (await listed()).authorizations;
      expect(Date.parse(grant.expiresAt) - Date.parse(grant.createdAt)).toBe(90 * day * 1000);

      const wide = await stage.letIn(client, { scope: "*" }, { agentId, scopes: ["*"], expiresAt: null });
      expect(wide.scope).toBe("*");
      expect((await listed()).authorizations[0]).toMatchObject({ scopes: ["*"], expiresAt: null });
      const request = await stage.begin(client, { scope: "gmail:write" });
      const { uid } = await request.open();
      const nothing = await request.decide(uid, "approve", { agentId });
      expect([nothing.status, nothing.text]).toEqual([422, expect.stringContaining("gmail:write")]);
      const past = await request.decide(uid, "approve", { expiresAt: "2020-01-01T00:00:00Z" });
      expect(past.status).toBe(422);
    });

    it("an access that ends takes its access token and its refresh token along", async () => {
      const agentId = await newAgent("Ending");
      const tokens = await stage.letIn(client, {}, { agentId, expiresAt: stage.inSeconds(1_800) });
      expect(await stage.use(tokens.access_token)).toMatchObject({ agentId });
      stage.wait(1_801);
      await expect(stage.use(tokens.access_token)).rejects.toMatchObject({ code: "api_key_expired" });
      await expect(openid.refreshTokenGrant(client, tokens.refresh_token)).rejects.toMatchObject({
        error: "invalid_grant",
      });
    });

    it("a program gets the scope for raw requests only when its person names it", async () => {
      const usual = await stage.letIn(client, { scope: "github github:raw" });
      expect(usual.scope).toBe("github");
      const agentId = (await stage.owner.call("POST", "/api/agents", { name: "Raw" })).json.agent.id;
      const asAgent = await stage.letIn(client, { scope: "* github:raw" }, { agentId });
      expect(asAgent.scope).toBe("*:read");
      const scopes = ["github:read", "github:raw"];
      const named = await stage.letIn(client, { scope: "github github:raw" }, { scopes });
      expect(named.scope).toBe("github:read github:raw");
      const everything = await stage.begin(client, { scope: "*" });
      const { uid } = await everything.open();
      const beyond = await everything.decide(uid, "approve", { scopes: ["github:raw"] });
      expect(beyond.status).toBe(422);
    });

    it("a person cannot give more than is asked for, unknown scopes, or an unknown agent", async () => {
      const request = await stage.begin(client, { scope: "github:read" });
      const { uid } = await request.open();
      for (const scopes of [["github"], ["*"], ["slack:read"], ["jira"], []])
        expect([scopes, (await request.decide(uid, "approve", { scopes })).status]).toEqual([scopes, 422]);
      expect((await request.decide(uid, "approve", { agentId: "nobody" })).status).toBe(404);
      expect((await request.decide(uid, "approve")).status).toBe(200);
    });

    it("a person who turns a program away sends it access_denied", async () => {
      const callback = await (await stage.begin(client)).decideAll("deny");
      expect(Object.fromEntries(callback.searchParams)).toMatchObject({
        error: "access_denied",
        iss: `${stage.skillett.url}/oauth`,
      });
    });

    it("a person decides once about a request", async () => {
      const request = await stage.begin(client);
      const { uid } = await request.open();
      const answers = await Promise.all([
        request.decide(uid, "approve"),
        request.decide(uid, "approve"),
        request.decide(uid, "deny"),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    });

    it("a person has an hour to decide about a request", async () => {
      const request = await stage.begin(client);
      const { uid } = await request.open();
      stage.wait(3_601);
      expect((await request.decide(uid, "approve")).status).toBe(404);
    });

    it("a person decides with a session, and not with a key", async () => {
      const request = await stage.begin(client);
      const browser = createVisitor(stage.skillett.url);
      const { uid } = await request.open(browser);
      expect((await request.see(uid, browser)).status).toBe(401);
      expect((await request.decide(uid, "approve", {}, browser)).status).toBe(401);
      const byKey = await stage.skillett.call("POST", `/api/authorizations/${uid}/approve`, { body: {} });
      expect(byKey.status).toBe(401);
    });
  });

  describe("a link to somebody else's request", () => {
    it("a link to somebody else's request leads nowhere for the person who opens it", async () => {
      const attacker = createVisitor(stage.skillett.url);
      const request = await stage.begin(client);
      const { uid } = await request.open(attacker);
      for (const answer of [
        await request.see(uid),
        await request.decide(uid, "approve"),
        await request.decide(uid, "deny"),
      ])
        expect(answer).toMatchObject({ status: 404, json: { code: "not_found" } });
      const unknown = await request.see("x".repeat(43));
      const seen = await request.see(uid);
      const anonymous = ({ json }: typeof seen) => ({ ...json, request_id: "" });
      expect(anonymous(seen)).toEqual(anonymous(unknown));
    });

    it("a request that was allowed in one browser gives its code to no other", async () => {
      const request = await stage.begin(client);
      const { uid } = await request.open();
      const { redirectTo } = (await request.decide(uid, "approve")).json;
      const thief = await createVisitor(stage.skillett.url).call("GET", pathOf(redirectTo), undefined, {
        accept: "text/html",
      });
      expect([thief.status, thief.headers.get("location")]).toEqual([400, null]);
    });

    it("a decision from a page of another site is refused", async () => {
      const request = await stage.begin(client);
      const { uid } = await request.open();
      for (const how of ["approve", "deny"]) {
        const path = `/api/authorizations/${uid}/${how}`;
        const foreign = await stage.owner.call("POST", path, {}, { origin: "https://evil.example" });
        expect(foreign).toMatchObject({ status: 403, json: { code: "forbidden" } });
      }
    });
  });

  describe("people who may not make keys for agents", () => {
    it("a person who may not make keys for agents lets programs in as themselves alone", async () => {
      const { json } = await tenant.owner.call("POST", "/api/agents", { name: "Worker" });
      for (const role of ["member", "viewer"] as const) {
        const remote = createRemoteClients(stage.skillett, tenant[role]);
        const request = await remote.begin(client);
        const { uid } = await request.open();
        expect((await request.see(uid)).json.suggestedAgentId).toBeNull();
        expect(await request.decide(uid, "approve", { agentId: json.agent.id })).toMatchObject({
          status: 403,
          json: { error: expect.stringContaining("agents:*") },
        });
        expect((await request.decide(uid, "approve", { agentId: null })).status).toBe(200);
      }
      const engineer = createRemoteClients(stage.skillett, tenant.engineer);
      const tokens = await engineer.letIn(client, {}, { agentId: json.agent.id });
      expect(await stage.use(tokens.access_token)).toMatchObject({
        agentId: json.agent.id,
        tenantId: tenant.owner.tenantId,
      });
    });

    it("a person cannot let a program in as an agent of another tenant", async () => {
      const foreign = await newAgent("Elsewhere");
      const remote = createRemoteClients(stage.skillett, tenant.owner);
      const request = await remote.begin(client);
      const { uid } = await request.open();
      expect((await request.decide(uid, "approve", { agentId: foreign })).status).toBe(404);
    });
  });
});

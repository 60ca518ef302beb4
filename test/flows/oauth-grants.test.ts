import type * as openid from "openid-client";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createOAuthArtifactRows } from "#store/oauth-artifact-rows.js";
import { createOAuthGrantRows } from "#store/oauth-grant-rows.js";
import type { Vault } from "#store/vault/vault.js";
import { onEachEngine } from "#support/skillett.js";
import { createTenant, type Tenant } from "#support/world.js";
import { createRemoteClients, type OAuthStage, startOAuthStage } from "./oauth-stage.js";

/** What was let in: where it may go, and how it ends. */

onEachEngine("OAuth grants", (engine) => {
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

  describe("the end of a grant", () => {
    const refused = (token: string, code: string) => expect(stage.use(token)).rejects.toMatchObject({ code });

    it("a grant ends when its person takes it back, and nobody else can", async () => {
      const { access_token } = await stage.letIn(client);
      const { id } = (await listed()).authorizations[0];
      expect((await tenant.owner.call("DELETE", `/api/authorizations/${id}`)).status).toBe(404);
      await stage.use(access_token);
      expect((await stage.owner.call("DELETE", `/api/authorizations/${id}`)).status).toBe(200);
      await refused(access_token, "api_key_revoked");
      expect(JSON.stringify(await listed())).not.toContain(id);
      expect((await stage.owner.call("DELETE", `/api/authorizations/${id}`)).status).toBe(404);
    });

    it("a grant stops while its agent is paused, and ends when that is deleted", async () => {
      const agentId = await newAgent("Sleeper");
      const { access_token } = await stage.letIn(client, {}, { agentId });
      await stage.owner.call("POST", `/api/agents/${agentId}/pause`);
      await refused(access_token, "forbidden");
      await stage.owner.call("POST", `/api/agents/${agentId}/resume`);
      await stage.use(access_token);
      await stage.owner.call("DELETE", `/api/agents/${agentId}`);
      await refused(access_token, "api_key_revoked");
      expect(JSON.stringify(await listed())).not.toContain(agentId);
    });

    it("a grant ends when its person leaves the tenant", async () => {
      const remote = createRemoteClients(stage.skillett, tenant.admin);
      const { access_token } = await remote.letIn(client);
      const { profile } = (await tenant.admin.call("GET", "/api/me")).json;
      await stage.use(access_token);
      const left = await tenant.admin.call("POST", "/auth/organization/leave", {
        organizationId: tenant.owner.tenantId,
      });
      expect(left.status).toBe(200);
      await refused(access_token, "unauthorized");
      const row = await stage.skillett.app.database.kysely
        .selectFrom("oauth_grants")
        .select("revoked_at")
        .where("profile_id", "=", profile.id)
        .executeTakeFirstOrThrow();
      expect(row.revoked_at).not.toBeNull();
    });
  });

  describe("the deletion of clients and grants", () => {
    const day = 86_400;

    it("a client that nobody let in is deleted after a week, and one that was let in stays", async () => {
      const [used, unused] = [await stage.register(), await stage.register()];
      await stage.letIn(used);
      stage.wait(8 * day);
      expect((await (await stage.begin(unused)).open()).reply.status).toBe(400);
      await stage.letIn(used);
    });

    it("a grant is deleted when its last token has ended", async () => {
      const { database } = stage.skillett.app;
      const now = Date.now() + 1000 * day * 1000;
      // What is deleted is not opened.
      const artifacts = createOAuthArtifactRows(database, {} as Vault);
      const grants = createOAuthGrantRows(database);
      const count = async () =>
        (await database.kysely.selectFrom("oauth_grants").select("id").execute()).length;
      const before = await count();
      expect(before).toBeGreaterThan(0);
      await grants.deleteOver(now);
      const left = await count();
      expect(left).toBeGreaterThan(0);
      await artifacts.deleteExpired(now);
      await grants.deleteOver(now);
      expect(await count()).toBe(0);
    });
  });

  describe("an access token", () => {
    it("an access token is good at /mcp alone", async () => {
      const { access_token } = await stage.letIn(client, { scope: "*" });
      const usage = await stage.skillett.call("GET", "/v1/usage", { key: access_token });
      expect(usage).toMatchObject({ status: 401, json: { error: "api_key_invalid" } });
      const me = await stage.skillett.call("GET", "/api/me", { key: access_token });
      expect(me.status).toBe(401);
    });

    it("a refresh token or a guess is no access token, and guesses are bounded", async () => {
      const { refresh_token } = await stage.letIn(client);
      for (const token of [refresh_token, "x", "x".repeat(43)])
        await expect(stage.use(token)).rejects.toMatchObject({ code: "unauthorized" });
      const guess = () => stage.use("y".repeat(43)).catch(({ code }) => code);
      const guesses = [];
      for (let count = 0; count < 40; count++) guesses.push(await guess());
      expect(guesses.at(-1)).toBe("rate_limit_reached");
    });

    it("the tokens and codes of a grant lie in no dump of the database", async () => {
      const request = await stage.begin(client);
      const callback = await request.decideAll("approve");
      const { access_token, refresh_token } = await request.redeem(callback);
      const { kysely } = stage.skillett.app.database;
      const rows = [
        await kysely.selectFrom("oauth_artifacts").selectAll().execute(),
        await kysely.selectFrom("oauth_grants").selectAll().execute(),
      ];
      expect(rows[0]!.length).toBeGreaterThan(3);
      for (const secret of [access_token, refresh_token, callback.searchParams.get("code")!])
        expect(JSON.stringify(rows)).not.toContain(secret);
    });
  });
});

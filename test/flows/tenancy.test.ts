import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { type Company, gatherCompany, type Who } from "#support/world.js";

/** Who belongs to a tenant, and what is left of who does not any more. */

onEachEngine("tenancy", (engine) => {
  let skillett: Skillett;
  let github: GithubStandIn;
  let people: Company;
  beforeAll(async () => {
    github = await startGithub();
    skillett = await startSkillett(engine, {
      env: { SKILLETT_SIGN_UP: "open", SKILLETT_GITHUB_BASE_URL: github.url },
    });
    people = await gatherCompany(skillett);
  });
  afterAll(async () => {
    await skillett?.close();
    await github?.close();
  });

  const organization = (who: Who, action: string, body: object = {}) =>
    people[who].call("POST", `/auth/organization/${action}`, body);
  const memberId = async (who: Who): Promise<string> => {
    const row = await skillett.app.database.kysely
      .selectFrom("memberships")
      .select("id")
      .where("profile_id", "=", people[who].profileId)
      .where("tenant_id", "=", people.owner.tenantId)
      .executeTakeFirstOrThrow();
    return row.id;
  };
  const setRole = async (by: Who, of: Who, role: unknown) =>
    organization(by, "update-member-role", { memberId: await memberId(of), role });
  const roleOf = async (who: Who) => (await people[who].call("GET", "/api/me")).json.role;
  const as = (who: Who, method: string, path: string, body?: object) =>
    skillett.call(method, path, { key: people[who].key, body });
  const run = (who: Who, connection?: string) =>
    as(who, "POST", "/v1/github/get_authenticated_user", connection ? { connection } : {});

  describe("the last owner", () => {
    it("the last owner cannot step down, leave or be removed", async () => {
      const { email, tenantId: organizationId } = people.owner;
      const tries = [
        await setRole("owner", "owner", "member"),
        await organization("owner", "leave", { organizationId }),
        await organization("owner", "remove-member", { memberIdOrEmail: email }),
        await organization("owner", "remove-member", { memberIdOrEmail: await memberId("owner") }),
        await organization("admin", "remove-member", { memberIdOrEmail: email }),
        await setRole("admin", "owner", "member"),
        await organization("owner", "delete", { organizationId }),
      ];
      for (const { status } of tries) expect([400, 403, 404]).toContain(status);
      expect(await roleOf("owner")).toBe("owner");
    });

    it("an owner may step down once there is another, and then that one is the last", async () => {
      expect((await setRole("owner", "admin", "owner")).status).toBe(200);
      expect((await setRole("owner", "owner", "admin")).status).toBe(200);
      expect([await roleOf("owner"), await roleOf("admin")]).toEqual(["admin", "owner"]);
      expect((await setRole("admin", "admin", "admin")).status).toBe(400);
      expect((await setRole("admin", "owner", "owner")).status).toBe(200);
      expect((await setRole("owner", "admin", "admin")).status).toBe(200);
    });
  });

  describe("a person who has left", () => {
    const connect = async (who: Who, login: "octocat" | "hubot", shared: boolean): Promise<string> => {
      const credentials = { token: github.mintToken(login) };
      const { json, text } = await as(who, "POST", "/v1/connect", {
        integration: "github",
        credentials,
        shared,
      });
      if (!json.connection_id) throw new Error(text);
      return json.connection_id;
    };
    let [shared, own] = ["", ""];
    beforeAll(async () => {
      shared = await connect("admin", "octocat", true);
      own = await connect("admin", "hubot", false);
      expect((await run("admin", own)).json.data.login).toBe("hubot");
      const { email: memberIdOrEmail } = people.admin;
      expect((await organization("owner", "remove-member", { memberIdOrEmail })).status).toBe(200);
    });

    it("a person who has left has keys and a JWT that do nothing any more", async () => {
      for (const path of ["/v1/usage", "/v1/connections", "/v1/calls", "/api-keys", "/v1/me"]) {
        const { status, json } = await as("admin", "GET", path);
        expect([path, status, json.error]).toEqual([path, 401, "api_key_invalid"]);
      }
      expect((await run("admin", shared)).status).toBe(401);
      expect((await as("admin", "POST", "/api-keys", { name: "again" })).status).toBe(401);
      const jwt = await skillett.call("GET", "/api/me", { key: people.admin.jwt });
      expect(jwt.status).toBe(401);
    });

    it("a person who has left is in their own tenant, and sees nothing of the other", async () => {
      const { admin } = people;
      const { json } = await admin.call("GET", "/api/me");
      expect(json).toMatchObject({ role: "owner", tenants: [{}] });
      expect(json.tenantId).not.toBe(admin.tenantId);
      expect((await admin.call("GET", "/api-keys?everyone=true")).json).toEqual([]);
      for (const path of ["list-members", "get-full-organization", "list-invitations"]) {
        const reply = await admin.call("GET", `/auth/organization/${path}?organizationId=${admin.tenantId}`);
        expect([path, reply.status]).toEqual([path, 403]);
      }
      const back = await organization("admin", "set-active", { organizationId: admin.tenantId });
      expect(back.status).toBe(403);
    });

    it("a person who has left leaves connections that nobody calls with, and the owner removes them", async () => {
      expect((await run("member")).json.error).toBe("integration_not_connected");
      for (const id of [shared, own]) {
        for (const who of ["member", "owner"] as const) expect((await run(who, id)).status).toBe(404);
        expect((await as("owner", "DELETE", `/v1/connections/${id}`)).status).toBe(200);
      }
    });
  });

  it("a tenant keeps an owner when two of them leave at once", async () => {
    await setRole("owner", "engineer", "owner");
    const { tenantId: organizationId } = people.owner;
    const replies = await Promise.all([
      setRole("owner", "owner", "member"),
      setRole("engineer", "engineer", "member"),
      organization("owner", "leave", { organizationId }),
    ]);
    const owners = await skillett.app.database.kysely
      .selectFrom("memberships")
      .select("id")
      .where("tenant_id", "=", organizationId)
      .where("role", "=", "owner")
      .execute();
    expect(owners.length, JSON.stringify(replies.map(({ status }) => status))).toBeGreaterThan(0);
  });
});

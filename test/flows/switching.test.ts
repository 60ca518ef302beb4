import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { signIn } from "#support/browser.js";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { publishSkills } from "#support/published-skills.js";
import { type RenamedService, startRenamedService } from "#support/renamed-service.js";
import { connectBySignIn, registerCallback } from "#support/signing-in.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { insertAgent, insertMember, insertPerson, type KeyHolder } from "#support/world.js";

/** A tenant switches integrations and endpoints off: for its callers they are not there, on any face. */

onEachEngine("switching", (engine) => {
  let github: GithubStandIn;
  let skillett: Skillett;
  let agent: string;
  let agentId: string;
  let member: KeyHolder;
  let stranger: KeyHolder;
  beforeAll(async () => {
    github = await startGithub();
    skillett = await startSkillett(engine, { env: github.settings() });
    registerCallback(skillett, github);
    const { database } = skillett.app;
    const { tenant, profile } = (await skillett.call("GET", "/v1/me")).json;
    const owner = { tenantId: tenant.id, profileId: profile.id };
    ({ key: agent, agentId } = await insertAgent(database, owner, "triage"));
    member = await insertMember(database, "member", "member");
    stranger = await insertPerson(database, "stranger");
    await skillett.connect("github", github.mintToken());
  });
  afterAll(async () => {
    await skillett?.close();
    await github?.close();
  });

  const turn = (slug: string, body: object, key?: string) =>
    skillett.call("PATCH", `/v1/integrations/${slug}`, { body, ...(key && { key }) });
  const call = (endpoint: string, key?: string) =>
    skillett.call("POST", `/v1/github/${endpoint}`, { body: { params: {} }, ...(key && { key }) });
  const get = (path: string, key?: string) => skillett.call("GET", path, { ...(key && { key }) });
  const off = (...names: string[]) => ({ endpoints: Object.fromEntries(names.map((name) => [name, false])) });
  const words = ({ json }: Reply) => [json.error, json.message, json.next];
  const rows = async (table: "integrations" | "routes") =>
    skillett.app.database.kysely.selectFrom(table).selectAll().execute();

  beforeEach(async () => {
    for (const slug of ["github", "gmail"]) {
      const { endpoints } = (await get(`/v1/integrations/${slug}`)).json;
      const all = endpoints
        .filter((it: { enabled: boolean }) => !it.enabled)
        .map(({ name }: { name: string }) => name);
      await turn(slug, {
        enabled: true,
        ...(all.length > 0 && { endpoints: Object.fromEntries(all.map((name: string) => [name, true])) }),
      });
    }
    expect([await rows("integrations"), await rows("routes")]).toEqual([[], []]);
  });

  it("an endpoint that is switched off is refused to an agent, who is told who can switch it on", async () => {
    expect((await turn("github", off("get_authenticated_user"))).status).toBe(200);
    const sent = github.requests.length;
    const [error, message, next] = words(await call("get_authenticated_user", agent));
    expect([error, next]).toEqual(["not_found", undefined]);
    expect(message).toBe(
      "Endpoint github get_authenticated_user is switched off in this tenant. An owner or admin of the tenant can switch it on.",
    );
    expect(words(await call("get_authenticated_user", member.key))).toEqual([error, message, undefined]);
    expect(words(await call("get_authenticated_user"))).toEqual([
      error,
      message,
      ["skillett integrations enable github get_authenticated_user"],
    ]);
    expect(github.requests).toHaveLength(sent);
    expect((await call("list_branches", agent)).json.error).not.toBe("not_found");
  });

  it("an endpoint that is off is in no list, search, page or file, and in those of another tenant it is", async () => {
    await turn("github", off("merge_pull"));
    const paths = [
      "/v1/skills/github",
      "/v1/skills/github?q=merge+a+pull+request",
      "/v1/skills?q=merge+a+pull+request",
    ];
    for (const path of [...paths, "/v1/github/download", "/v1/skills/github/get_pull.md"]) {
      expect([path, (await get(path, agent)).text.includes("merge_pull")]).toEqual([path, false]);
    }
    for (const path of paths) expect((await get(path, stranger.key)).text).toContain("merge_pull");
    expect((await get("/v1/github/download", stranger.key)).text).toContain("`merge_pull`");
    expect((await get("/v1/skills/github/merge_pull", agent)).status).toBe(404);
    expect((await get("/v1/skills/github/merge_pull", stranger.key)).status).toBe(200);
  });

  it("an integration that is switched off is gone for everybody of the tenant, and comes back as it was", async () => {
    await turn("github", off("merge_pull"));
    await turn("github", { enabled: false });
    const slugs = async (key?: string) =>
      (await get("/v1/skills", key)).json.integrations.map((it: { slug: string }) => it.slug);
    expect(await slugs(agent)).not.toContain("github");
    expect(await slugs(stranger.key)).toContain("github");
    expect(words(await call("get_authenticated_user", agent))[1]).toMatch(
      /^Integration github is switched off/,
    );
    const refused = await skillett.call("POST", "/v1/connect", { body: { integration: "github" } });
    expect(refused.json.message).toMatch(/^Integration github is switched off/);
    const { integrations } = (await get("/v1/integrations")).json;
    const shown = integrations.find((it: { integration: string }) => it.integration === "github");
    expect(shown).toMatchObject({ kind: "shipped", enabled: false, endpoints_on: 0 });
    await turn("github", { enabled: true });
    expect(await slugs(agent)).toContain("github");
    expect((await get("/v1/skills/github/merge_pull")).status).toBe(404);
  });

  it("a composite is off with a step of it, and the refusal names the step", async () => {
    const composites = (await get("/v1/integrations/gmail")).json.endpoints;
    const name = "reply_to_message";
    expect(composites.some((it: { name: string }) => it.name === name)).toBe(true);
    const { calls } = (await get(`/v1/skills/gmail/${name}`)).json;
    const { json } = await turn("gmail", off(calls[0]));
    const shown = json.endpoints.find((it: { name: string }) => it.name === name);
    expect(shown).toMatchObject({ enabled: false, off_reason: "step" });
    const refused = await get(`/v1/skills/gmail/${name}`);
    expect(refused.json.message).toContain(`Endpoint gmail ${name} calls ${calls[0]}, which is switched off`);
    expect(refused.json.next).toEqual([`skillett integrations enable gmail ${calls[0]}`]);
  });

  it("unknown endpoints are refused all at once, and nothing changes", async () => {
    const { status, json } = await turn("github", {
      enabled: false,
      endpoints: { merge_pull: false, merge_pul: false, constructor: false },
    });
    expect(status).toBe(400);
    expect(json.issues).toEqual([
      { at: "endpoints.merge_pul", message: "github has no such endpoint. Did you mean merge_pull?" },
      { at: "endpoints.constructor", message: "github has no such endpoint." },
    ]);
    expect([await rows("integrations"), await rows("routes")]).toEqual([[], []]);
    expect((await turn("githb", { enabled: false })).json.message).toContain("Did you mean github?");
    for (const body of [{}, { endpoints: {} }, { endpoints: { merge_pull: "no" } }, { enable: false }, []])
      expect([body, (await turn("github", body)).status]).toEqual([body, 400]);
  });

  it("keys of agents and narrowed keys may not switch, nor people without the permission", async () => {
    const narrowed = (await skillett.call("POST", "/api-keys", { body: { name: "n", scopes: ["github"] } }))
      .json;
    for (const key of [agent, member.key, narrowed.full_key]) {
      expect((await turn("github", { enabled: false }, key)).json.error).toBe("forbidden");
      expect((await skillett.call("DELETE", "/v1/integrations/github", { key })).json.error).toBe(
        "forbidden",
      );
    }
    expect((await get("/v1/integrations/github", agent)).json.enabled).toBe(true);
  });

  it("one that ships cannot be removed", async () => {
    const { status, json } = await skillett.call("DELETE", "/v1/integrations/github");
    expect([status, json.next]).toEqual([409, ["skillett integrations disable github"]]);
    expect((await skillett.call("DELETE", "/v1/integrations/nothing")).status).toBe(404);
  });

  it("a key may have the scope of what is switched off, and calls it when it is on again", async () => {
    await turn("github", off("get_authenticated_user"));
    const scopes = ["github.get_authenticated_user", "*:read"];
    const { status, json } = await skillett.call("POST", "/api-keys", { body: { name: "narrow", scopes } });
    expect(status).toBe(201);
    expect((await call("get_authenticated_user", json.full_key)).json.error).toBe("not_found");
    await turn("github", { endpoints: { get_authenticated_user: true } });
    expect((await call("get_authenticated_user", json.full_key)).json.status).toBe(200);
  });

  it("an agent's skills say of what is off who can switch it on, and so does a request for it", async () => {
    const { tenant } = (await get("/v1/me")).json;
    const metadata = ["skillett-endpoints: github.merge_pull, github.get_repo, github.nothing"];
    const [id] = await publishSkills(skillett.app.database, tenant.id, [
      { slug: "merger", description: "Merges.", metadata },
    ]);
    const assigned = { enabled: 1, config: "{}", priority: 0, assigned_by: "test", assigned_at: 0 };
    await skillett.app.database.kysely
      .insertInto("skill_assignments")
      .values({
        ...{ tenant_id: tenant.id, id: "assigned", skill_id: id!, agent_id: agentId, pinned_version: null },
        ...assigned,
      })
      .execute();
    await turn("github", off("merge_pull"));
    const [skill] = (await get("/v1/agent/skills", agent)).json.skills;
    expect(skill.requirements).toMatchObject([
      { reason: "switched_off", next: "An owner or admin of the tenant can switch it on" },
      { met: true, reason: null },
      { reason: "unknown" },
    ]);
    await turn("github", { enabled: false });
    const body = { type: "connector_request", subject: "GitHub", reason: "to merge" };
    const asked = await skillett.call("POST", "/v1/tasks", { key: agent, body });
    expect(asked.json.message).toMatch(/^Integration github is switched off/);
  });

  it("an account of what is switched off can still be seen, connected by a sign-in under way, and revoked", async () => {
    const begun = await skillett.call("POST", "/v1/connect", { body: { integration: "github" } });
    const { id } = await connectBySignIn(skillett, { integration: "github" });
    await turn("github", { enabled: false });
    const { connections } = (await get("/v1/connections")).json;
    expect(connections).toContainEqual(expect.objectContaining({ id, integration: "github" }));
    expect((await signIn(begun.json.oauth_url, {})).status).toBe(200);
    const { json } = await skillett.call("DELETE", `/v1/connections/${id}`);
    expect(json).toMatchObject({ status: "disconnected", revoked: true });
    await turn("github", { enabled: true });
    await skillett.connect("github", github.mintToken());
  });
});

onEachEngine("switching what was renamed", (engine) => {
  let service: RenamedService;
  let skillett: Skillett;
  beforeAll(async () => {
    service = await startRenamedService();
    skillett = await startSkillett(engine, { env: service.env });
  });
  afterAll(async () => {
    await skillett?.close();
    await service?.close();
  });

  const turn = (endpoints: Record<string, boolean>) =>
    skillett.call("PATCH", "/v1/integrations/shelf", { body: { endpoints } });
  const list = (name: string) => skillett.call("POST", `/v1/shelf/${name}`, { body: { params: {} } });
  const names = ["list_books", "get_books", "fetch_books"];

  it("an endpoint that was switched off by a name of then is off by all its names, until it is switched on", async () => {
    expect((await turn({ get_books: false })).json.endpoints).toContainEqual(
      expect.objectContaining({ name: "list_books", enabled: false, off_reason: "owner" }),
    );
    // A server of then knew it by no other name.
    await skillett.app.database.kysely.updateTable("routes").set({ name: "fetch_books" }).execute();
    await skillett.app.database.kysely.updateTable("tenants").set({ catalog_version: 7 }).execute();
    const service = await skillett.call("GET", "/v1/skills/shelf");
    expect(service.text).not.toContain("list_books");
    for (const name of names) {
      const { json } = await list(name);
      expect([name, json.next]).toEqual([name, ["skillett integrations enable shelf list_books"]]);
    }
    await turn({ list_books: true });
    for (const name of names) expect([name, (await list(name)).status]).toEqual([name, 200]);
    expect(await skillett.app.database.kysely.selectFrom("routes").selectAll().execute()).toEqual([]);
  });
});

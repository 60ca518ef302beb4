import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { insertAgent, insertMember, insertPerson, type KeyHolder } from "#support/world.js";

/** A tenant switches integrations and endpoints off: for its callers they are not there, on any face. */

onEachEngine("switching", (engine) => {
  let github: GithubStandIn;
  let skillett: Skillett;
  let agent: string;
  let member: KeyHolder;
  let stranger: KeyHolder;
  beforeAll(async () => {
    github = await startGithub();
    skillett = await startSkillett(engine, { env: github.settings() });
    const { database } = skillett.app;
    const { tenant, profile } = (await skillett.call("GET", "/v1/me")).json;
    const owner = { tenantId: tenant.id, profileId: profile.id };
    agent = (await insertAgent(database, owner, "triage")).key;
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

  it("an account of what is switched off can still be seen and disconnected", async () => {
    const id = await skillett.connect("github", github.mintToken());
    await turn("github", { enabled: false });
    const { connections } = (await get("/v1/connections")).json;
    expect(connections).toMatchObject([{ id, integration: "github" }]);
    expect((await skillett.call("DELETE", `/v1/connections/${id}`)).json.status).toBe("disconnected");
    await turn("github", { enabled: true });
    await skillett.connect("github", github.mintToken());
  });
});

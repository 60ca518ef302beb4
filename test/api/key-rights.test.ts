import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { claimInstance, insertMember, type Person } from "#support/world.js";

/** Every kind of credential × every kind of key × every verb, and whatever else an agent's key could take over with. */

const actors = [
  "session",
  "jwt",
  "person *",
  "person github",
  "agent a *",
  "agent a github:read",
  "agent b *",
  "paused agent",
  "member *",
  "access token",
] as const;
type Actor = (typeof actors)[number];

const targets = [
  "person *",
  "person read",
  "agent a *",
  "agent a read",
  "agent b read",
  "member read",
] as const;

/** Of each actor: what it is answered when it rotates, and when it revokes, each of the targets. */
const answers: Record<Actor, { rotate: number[]; revoke: number[] }> = {
  session: { rotate: [201, 201, 201, 201, 201, 404], revoke: [204, 204, 204, 204, 204, 204] },
  jwt: { rotate: [201, 201, 201, 201, 201, 404], revoke: [204, 204, 204, 204, 204, 204] },
  "person *": { rotate: [201, 201, 201, 201, 201, 404], revoke: [204, 204, 204, 204, 204, 204] },
  // Narrowed, a person's key can neither make nor end a key of an agent, nor one that may do more than itself.
  "person github": { rotate: [403, 201, 403, 403, 403, 404], revoke: [403, 204, 403, 403, 403, 404] },
  "agent a *": { rotate: [404, 404, 201, 201, 404, 404], revoke: [404, 404, 204, 204, 404, 404] },
  "agent a github:read": { rotate: [404, 404, 403, 201, 404, 404], revoke: [404, 404, 403, 204, 404, 404] },
  "agent b *": { rotate: [404, 404, 404, 404, 201, 404], revoke: [404, 404, 404, 404, 204, 404] },
  "paused agent": { rotate: [403, 403, 403, 403, 403, 403], revoke: [403, 403, 403, 403, 403, 403] },
  "member *": { rotate: [404, 404, 404, 404, 404, 201], revoke: [404, 404, 404, 404, 404, 204] },
  "access token": { rotate: [401, 401, 401, 401, 401, 401], revoke: [401, 401, 401, 401, 401, 401] },
};

/** What must be refused to every key of an agent, whatever its scopes. */
const beyondAgents: [method: string, path: string, body: object | undefined, status: number][] = [
  ["POST", "/v1/connect", { integration: "github", credentials: { token: "x" } }, 403],
  ["POST", "/v1/connect", { integration: "github", connection: "{connection}" }, 403],
  ["POST", "/v1/connect", { integration: "github", shared: true }, 403],
  ["PATCH", "/v1/connections/{connection}", { default: true }, 403],
  ["PATCH", "/v1/connections/{connection}", { shared: true }, 403],
  ["PATCH", "/v1/connections/{connection}", { shared: false }, 403],
  ["DELETE", "/v1/connections/{connection}", undefined, 403],
  ["GET", "/v1/connections?everyone=true", undefined, 403],
  ["GET", "/api-keys?everyone=true", undefined, 403],
  ["GET", "/v1/admin/providers", undefined, 403],
  ["PUT", "/v1/admin/providers/slack", { client_id: "x", client_secret: "y" }, 403],
  ["DELETE", "/v1/admin/providers/slack", undefined, 403],
  ["POST", "/v1/admin/rotate-keys", {}, 403],
  ["PUT", "/v1/admin/profiles/{profile}/plan", { plan: "unlimited" }, 403],
  ["POST", "/v1/agents", { name: "another" }, 403],
  ["POST", "/auth/device/authorize", { user_code: "BCDF-GHJK" }, 401],
  ["GET", "/api/authorizations", undefined, 401],
  ["POST", "/api/authorizations/x/approve", {}, 401],
  ["DELETE", "/api/authorizations/grant_x", undefined, 401],
  ["POST", "/api/agents/b/resume", undefined, 401],
  ["GET", "/api/agents/b/keys", undefined, 401],
  ["POST", "/api/tasks/task_x/approve", {}, 401],
  ["POST", "/auth/organization/invite-member", { email: "x@example.com", role: "owner" }, 401],
];

onEachEngine("rights of keys", (engine) => {
  let github: GithubStandIn;
  let skillett: Skillett;
  let owner: Person;
  let memberKey: string;
  const keys = {} as Record<Actor, string>;
  const ids = {} as Record<string, string>;

  beforeAll(async () => {
    github = await startGithub();
    skillett = await startSkillett(engine, { env: github.settings() });
    owner = await claimInstance(skillett);
    for (const name of ["a", "b", "p"]) await owner.call("POST", "/api/agents", { name });
    const member = await insertMember(skillett.app.database, "member", "member");
    memberKey = member.key;
    keys["person *"] = await key({});
    keys["person github"] = await key({ scopes: ["github"] });
    keys["agent a *"] = await key({ agent_id: "a", scopes: ["*"], expires_at: null });
    keys["agent a github:read"] = await key({ agent_id: "a", scopes: ["github:read"], expires_at: null });
    keys["agent b *"] = await key({ agent_id: "b", scopes: ["*"], expires_at: null });
    keys["paused agent"] = await key({ agent_id: "p", scopes: ["*"], expires_at: null });
    await owner.call("POST", "/api/agents/p/pause");
    keys["member *"] = memberKey;
    keys["access token"] = "not-a-key-of-ours";
    ids.connection = await skillett.connect("github", github.mintToken());
    ids.profile = member.profileId;
  });
  afterAll(async () => {
    await skillett?.close();
    await github?.close();
  });

  /** Makes a key as its person does. */
  async function make(body: object): Promise<{ id: string; full: string }> {
    const { json, text } = await owner.call("POST", "/api-keys", { name: "key", ...body });
    if (!json.full_key) throw new Error(text);
    return { id: json.api_key.id, full: json.full_key };
  }
  const key = async (body: object) => (await make(body)).full;

  const target: Record<(typeof targets)[number], () => Promise<{ id: string; full: string }>> = {
    "person *": () => make({}),
    "person read": () => make({ scopes: ["github:read"] }),
    "agent a *": () => make({ agent_id: "a", scopes: ["*"] }),
    "agent a read": () => make({ agent_id: "a", scopes: ["github:read"] }),
    "agent b read": () => make({ agent_id: "b", scopes: ["github:read"] }),
    "member read": async () => {
      const body = { name: "key", scopes: ["github:read"] };
      const { json } = await skillett.call("POST", "/api-keys", { key: memberKey, body });
      return { id: json.api_key.id, full: json.full_key };
    },
  };

  async function send(actor: Actor, method: string, path: string, body?: object): Promise<Reply> {
    if (actor === "session") return owner.call(method, path, body);
    const bearer = actor === "jwt" ? await owner.fetchJwt() : keys[actor];
    return skillett.call(method, path, { key: bearer, body });
  }
  const works = async (full: string) => (await skillett.call("GET", "/v1/me", { key: full })).status === 200;
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_whole, name) => ids[name]!);

  describe.each(actors)("%s", (actor) => {
    it.each(targets.map((name, at) => [name, at] as const))("key %s is rotated or kept", async (name, at) => {
      const old = await target[name]();
      const { status, json } = await send(actor, "POST", `/api-keys/${old.id}/rotate`);
      expect(status).toBe(answers[actor].rotate[at]);
      expect(json.full_key !== undefined).toBe(status === 201);
      expect(await works(old.full)).toBe(status !== 201);
    });

    it.each(targets.map((name, at) => [name, at] as const))("key %s is revoked or kept", async (name, at) => {
      const old = await target[name]();
      const { status } = await send(actor, "DELETE", `/api-keys/${old.id}`);
      expect(status).toBe(answers[actor].revoke[at]);
      expect(await works(old.full)).toBe(status !== 204);
    });
  });

  it.each([
    ["agent a *", "a"],
    ["agent a github:read", "a"],
    ["agent b *", "b"],
  ] as const)("%s lists the keys of its agent alone", async (actor, slug) => {
    const { json } = await send(actor, "GET", "/api-keys");
    const { agent } = (await owner.call("GET", `/api/agents/${slug}`)).json;
    expect(json.length).toBeGreaterThan(0);
    expect(new Set(json.map(({ agent_id }: { agent_id: string }) => agent_id))).toEqual(new Set([agent.id]));
  });

  it("a person lists all keys of theirs, those of agents too", async () => {
    for (const actor of ["session", "jwt", "person *"] as const) {
      const { json } = await send(actor, "GET", "/api-keys");
      expect(new Set(json.map(({ agent_id }: { agent_id?: string }) => agent_id)).size).toBe(4);
    }
  });

  it.each<[Actor, object, number]>([
    ["agent a *", {}, 201],
    ["agent a *", { agent_id: "a", scopes: ["*"] }, 201],
    ["agent a *", { agent_id: "b" }, 403],
    ["agent a github:read", {}, 403],
    ["agent a github:read", { scopes: ["github:read"] }, 201],
    ["agent a github:read", { scopes: ["github"] }, 403],
    ["person github", { agent_id: "a", scopes: ["github:read"] }, 403],
    ["member *", { agent_id: "a" }, 403],
    ["paused agent", {}, 403],
    ["access token", {}, 401],
  ])("%s that makes a key with %j is answered %i", async (actor, body, status) => {
    const reply = await send(actor, "POST", "/api-keys", { name: "made", ...body });
    expect(reply.status, reply.text).toBe(status);
    if (status === 201) expect(reply.json.api_key.agent_id).toEqual(expect.any(String));
  });

  describe.each(["agent a *", "agent a github:read", "agent b *"] as const)("limits of %s", (actor) => {
    it.each(beyondAgents)("the request %s %s with %j is refused", async (method, path, body, status) => {
      const filled = body && JSON.parse(fill(JSON.stringify(body)));
      const reply = await send(actor, method, fill(path), filled);
      expect(reply.status, reply.text).toBe(status);
      const { json } = await skillett.call("GET", "/v1/connections");
      expect(json.connections).toMatchObject([{ id: ids.connection, status: "connected", shared: false }]);
    });
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { createTenant, type Tenant } from "#support/world.js";

/** Agents, the skills they have, and the keys that act for them. */

onEachEngine("assignments", (engine) => {
  let skillett: Skillett;
  let github: GithubStandIn;
  let acme: Tenant;
  let other: Tenant;
  beforeAll(async () => {
    github = await startGithub();
    const env = { SKILLETT_SIGN_UP: "open", SKILLETT_GITHUB_BASE_URL: github.url };
    skillett = await startSkillett(engine, { env });
    acme = await createTenant(skillett, "acme");
    other = await createTenant(skillett, "other");
    await skillett.setPlan("unlimited");
  });
  afterAll(async () => {
    await skillett?.close();
    await github?.close();
  });

  const call = (method: string, path: string, body?: unknown) => acme.engineer.call(method, path, body);
  async function addSkill(name: string, more: object = {}) {
    const body = { name, description: `For ${name}.`, instructions: "Do it.", publish: "1.0.0", ...more };
    const { status, json, text } = await call("POST", "/api/skills", body);
    expect(status, text).toBe(201);
    return json.skill;
  }
  async function addAgent(name: string) {
    const { status, json, text } = await call("POST", "/api/agents", { name });
    expect(status, text).toBe(201);
    return json.agent;
  }
  async function addKey(agent: string, more: object = {}): Promise<string> {
    const { json, text } = await call("POST", "/api-keys", { name: agent, agent_id: agent, ...more });
    expect(json.full_key, text).toBeDefined();
    return json.full_key;
  }
  const own = async (key: string) => (await skillett.call("GET", "/v1/agent/skills", { key })).json;

  it("an agent's key cannot import skills or list everybody's keys", async () => {
    const { id } = await addAgent("Author");
    const key = await addKey(id);
    const headers = { "content-type": "application/zip" };
    const push = await skillett.call("POST", "/v1/registry/import", {
      key,
      headers,
      body: Buffer.from("PK"),
    });
    expect([push.status, push.json.error]).toEqual([403, "forbidden"]);
    expect(push.json.message).toContain("belongs to an agent");
    expect((await skillett.call("GET", "/api-keys?everyone=true", { key })).status).toBe(403);
  });

  it("an assignment is made, read, changed and removed as the documentation shows", async () => {
    const skill = await addSkill("triage", { category: "support" });
    const agent = await addAgent("DevOps Agent");
    const { profile } = (await call("GET", "/api/me")).json;
    const given = { agentId: agent.id, config: { priority: 1 }, priority: 1 };
    const assigned = await call("POST", `/api/skills/${skill.id}/assign`, given);
    expect([assigned.status, assigned.json], assigned.text).toEqual([
      201,
      {
        assignment: {
          id: expect.any(String),
          tenantId: acme.owner.tenantId,
          skillId: skill.id,
          agentId: agent.id,
          skillVersion: "1.0.0",
          listingRef: null,
          enabled: true,
          config: { priority: 1 },
          priority: 1,
          assignedAt: expect.stringMatching(/Z$/),
          assignedBy: profile.id,
        },
      },
    ]);
    const { id, assignedAt, assignedBy } = assigned.json.assignment;
    const facts = { enabled: true, config: { priority: 1 }, priority: 1, assignedAt };
    expect((await acme.viewer.call("GET", "/api/skills/triage/agents")).json).toEqual({
      agents: [
        { id, agentId: agent.id, agentName: "DevOps Agent", agentStatus: "active", ...facts, assignedBy },
      ],
    });
    expect((await acme.viewer.call("GET", "/api/skills/agent/devops-agent")).json).toEqual({
      skills: [
        {
          assignmentId: id,
          skillId: skill.id,
          name: "triage",
          slug: "triage",
          description: "For triage.",
          category: "support",
          listingRef: null,
          ...facts,
        },
      ],
    });
    expect((await acme.viewer.call("GET", "/api/agents/devops-agent/skills")).json.skills).toMatchObject([
      { slug: "triage", pinnedVersion: null },
    ]);
    expect((await acme.viewer.call("GET", "/api/skills/triage")).json.assignedAgents).toEqual([
      { agentId: agent.id, agentName: "DevOps Agent", enabled: true, assignedAt },
    ]);
    const { json: list } = await acme.viewer.call("GET", "/api/skills?category=support");
    expect(list.skills).toMatchObject([{ slug: "triage", assignedAgentsCount: 1 }]);

    const again = await call("POST", `/api/skills/${skill.id}/assign`, { agentId: agent.id });
    expect([again.status, again.json.error]).toEqual([400, "Skill already assigned to this agent"]);
    const settings = { enabled: false, priority: 2 };
    const path = `/api/skills/triage/assignments/${agent.id}`;
    expect((await call("PATCH", path, settings)).json).toEqual({ success: true });
    expect((await call("PATCH", path, {})).json).toEqual({ success: true });
    const { json: after } = await call("GET", "/api/skills/triage/agents");
    expect(after.agents).toMatchObject([{ ...settings, config: { priority: 1 } }]);
    const drop = () => call("DELETE", `/api/skills/triage/unassign/${agent.slug}`);
    expect((await drop()).json).toEqual({ success: true });
    expect((await drop()).status).toBe(404);
    expect((await call("PATCH", path, {})).status).toBe(404);
  });

  it("an assignment joins an agent and an active skill of one tenant", async () => {
    await addSkill("fence");
    await addAgent("inside");
    const { json: theirs } = await other.engineer.call("POST", "/api/agents", { name: "outside" });
    for (const agentId of ["nobody", theirs.agent.id, "outside"]) {
      const { status, json } = await call("POST", "/api/skills/fence/assign", { agentId });
      expect([status, json.error]).toEqual([404, "Agent not found"]);
    }
    const none = await call("POST", "/api/skills/nothing/assign", { agentId: "inside" });
    expect([none.status, none.json.error]).toEqual([404, "Skill not found"]);
    expect((await call("POST", "/api/skills/fence/assign", {})).status).toBe(422);
    expect((await call("GET", "/api/skills/agent/outside")).json.error).toBe("Agent not found");
    await call("POST", "/api/skills/fence/archive");
    const archived = await call("POST", "/api/skills/fence/assign", { agentId: "inside" });
    expect([archived.status, archived.json.error]).toEqual([
      400,
      expect.stringContaining("restore it first"),
    ]);
  });

  it("an assignment pins a version of its skill, or follows the current one", async () => {
    await addSkill("pinned");
    for (const name of ["pinner", "follower"]) await addAgent(name);
    const wrong = { agentId: "pinner", version: "9.9.9" };
    expect((await call("POST", "/api/skills/pinned/assign", wrong)).status).toBe(422);
    await call("POST", "/api/skills/pinned/assign", { agentId: "pinner", version: "1.0.0" });
    await call("POST", "/api/skills/pinned/assign", { agentId: "follower" });
    const keys = [await addKey("pinner"), await addKey("follower")] as const;
    await call("PATCH", "/api/skills/pinned", { description: "Newer.", toolIds: ["github.nothing"] });
    await call("POST", "/api/skills/pinned/publish", {});
    const [pinner, follower] = [await own(keys[0]), await own(keys[1])];
    expect(pinner.skills).toMatchObject([{ version: "1.0.0", description: "For pinned.", requirements: [] }]);
    expect(follower.skills).toMatchObject([
      { version: "1.0.1", description: "Newer.", requirements: [{ endpoint: "github.nothing" }] },
    ]);
    expect(pinner.skills[0].digest).not.toBe(follower.skills[0].digest);
    await call("PATCH", "/api/skills/pinned/assignments/pinner", { version: null });
    expect((await own(keys[0])).skills).toMatchObject([{ version: "1.0.1" }]);
  });

  it("an agent sees what its skills still need, and is granted nothing by them", async () => {
    const toolIds = ["github.get_repo", "github.create_issue", "github.create_isue", "nowhere.at_all"];
    await addSkill("needy", { toolIds });
    const agent = await addAgent("worker");
    await call("POST", "/api/skills/needy/assign", { agentId: agent.id });
    const key = await addKey("worker", { scopes: ["github:read"] });
    const unmet = (endpoint: string, reason: string, next: unknown) => ({
      endpoint,
      met: false,
      reason,
      next,
    });
    const others = [
      unmet("github.create_issue", "out_of_scope", expect.stringContaining("github.create_issue")),
      unmet("github.create_isue", "unknown", "skillett skills github create_issue"),
      unmet("nowhere.at_all", "unknown", "skillett skills"),
    ];
    const first = await own(key);
    expect(first.agent_id).toBe(agent.id);
    expect(first.skills[0].requirements).toEqual([
      unmet("github.get_repo", "not_connected", expect.stringMatching(/^skillett connect github/)),
      ...others,
    ]);
    const call1 = await skillett.call("POST", "/v1/github/create_issue", { key, body: { params: {} } });
    expect(call1.json.error).toBe("scope_not_allowed");
    const body = { integration: "github", credentials: { token: github.mintToken() } };
    const whole = (await call("POST", "/api-keys", { name: "whole" })).json.full_key;
    expect((await skillett.call("POST", "/v1/connect", { key: whole, body })).json.status).toBe("connected");
    expect((await own(key)).skills[0].requirements).toEqual([
      { endpoint: "github.get_repo", met: true, reason: null, next: null },
      ...others,
    ]);
  });

  it("an agent gets its skills by priority, without those that are off, archived or unpublished", async () => {
    await addAgent("sparse");
    for (const [at, name] of ["off", "archived", "unpublished", "low", "high"].entries()) {
      await addSkill(name, name === "unpublished" ? { publish: undefined } : {});
      await call("POST", `/api/skills/${name}/assign`, { agentId: "sparse", priority: at });
    }
    await call("PATCH", "/api/skills/off/assignments/sparse", { enabled: false });
    await call("POST", "/api/skills/archived/archive");
    const slugs = ({ skills }: { skills: { slug: string }[] }) => skills.map(({ slug }) => slug);
    expect(slugs(await own(await addKey("sparse")))).toEqual(["high", "low"]);
    const { json } = await call("POST", "/api-keys", { name: "free" });
    const all = await own(json.full_key);
    expect(all.agent_id).toBeNull();
    expect(slugs(all)).toEqual(expect.arrayContaining(["high", "low", "off"]));
    expect(slugs(all)).not.toContain("unpublished");
  });

  describe("an agent", () => {
    it("one of several agents gets a name that all want at the same moment", async () => {
      for (let round = 0; round < 5; round++) {
        const agents = await Promise.all(["a", "b", "c"].map((it) => addAgent(`${it}${round}`)));
        const wanted = agents.map(({ id }) =>
          call("PATCH", `/api/agents/${id}`, { name: `Wanted ${round}` }),
        );
        const statuses = (await Promise.all(wanted)).map(({ status }) => status);
        expect(statuses.sort()).toEqual([200, 409, 409]);
      }
    });

    it("an agent has a name that no other agent has, and that may change", async () => {
      const agent = await addAgent("Night Watch");
      expect(agent).toMatchObject({ slug: "night-watch", description: null, status: "active" });
      expect((await call("POST", "/api/agents", { name: "night watch" })).status).toBe(409);
      await addAgent("Day Watch");
      expect((await call("PATCH", "/api/agents/day-watch", { name: "Night Watch" })).status).toBe(409);
      const renamed = await call("PATCH", `/api/agents/${agent.id}`, {
        name: "Owl",
        description: "At night.",
      });
      expect(renamed.json.agent).toMatchObject({ slug: "owl", name: "Owl", description: "At night." });
      expect((await acme.viewer.call("GET", "/api/agents/owl")).status).toBe(200);
      expect((await acme.viewer.call("GET", "/api/agents/night-watch")).json.error).toBe("Agent not found");
      expect((await other.owner.call("GET", `/api/agents/${agent.id}`)).json.error).toBe("Agent not found");
      const refused = await acme.member.call("POST", "/api/agents", { name: "x" });
      expect([refused.status, refused.json.error]).toEqual([403, expect.stringContaining("agents:*")]);
      const { json } = await acme.viewer.call("GET", "/api/agents");
      expect(json.agents.map(({ name }: { name: string }) => name)).toContain("Owl");
      expect(json.total).toBe(json.agents.length);
    });

    it("the key of a paused agent does not work until the agent is resumed", async () => {
      const agent = await addAgent("pausing");
      const key = await addKey(agent.id);
      const me = () => skillett.call("GET", "/v1/me", { key });
      expect((await me()).json.api_key.agent_id).toBe(agent.id);
      expect((await call("POST", "/api/agents/pausing/pause")).json.agent.status).toBe("paused");
      expect(await me()).toMatchObject({
        status: 403,
        json: { error: "forbidden", message: expect.stringContaining("The agent pausing is paused") },
      });
      expect((await call("POST", "/api/agents/pausing/resume")).json.agent.status).toBe("active");
      expect((await me()).status).toBe(200);
    });

    it("a deleted agent takes its keys and assignments along", async () => {
      await addSkill("orphan");
      const agent = await addAgent("leaving");
      const key = await addKey("leaving");
      await call("POST", "/api/skills/orphan/assign", { agentId: "leaving" });
      const { json } = await call("GET", "/api/agents/leaving/keys");
      expect(json.keys).toMatchObject([{ name: "leaving", scopes: ["*:read"], revokedAt: null }]);
      expect(JSON.stringify(json)).not.toContain(key);
      expect((await call("DELETE", `/api/agents/${agent.id}`)).json).toEqual({ success: true });
      expect((await skillett.call("GET", "/v1/me", { key })).json.error).toBe("api_key_revoked");
      expect((await call("GET", "/api/skills/orphan/agents")).json).toEqual({ agents: [] });
      expect((await call("DELETE", `/api/agents/${agent.id}`)).status).toBe(404);
    });

    it("an agent gets keys from people who may manage agents, and its key makes keys for it alone", async () => {
      const [mine, yours] = [await addAgent("mine"), await addAgent("yours")];
      const refused = await acme.member.call("POST", "/api-keys", { name: "x", agent_id: mine.id });
      expect([refused.status, refused.json.error]).toEqual([403, "forbidden"]);
      const unknown = await other.engineer.call("POST", "/api-keys", { name: "x", agent_id: mine.id });
      expect([unknown.status, unknown.json.message]).toEqual([404, "Agent not found."]);
      const key = await addKey("mine");
      const make = (body: object) =>
        skillett.call("POST", "/api-keys", { key, body: { name: "child", ...body } });
      expect((await make({})).json.api_key.agent_id).toBe(mine.id);
      expect((await make({ agent_id: "mine" })).status).toBe(201);
      expect((await make({ agent_id: yours.id })).json.error).toBe("forbidden");
    });
  });
});

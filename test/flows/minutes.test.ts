import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { claimInstance, type Person } from "#support/world.js";

/** A plan's minute belongs to its person: neither new keys nor more agents give it once more. */

onEachEngine("the minute of a plan", (engine) => {
  let github: GithubStandIn;
  let skillett: Skillett;
  let owner: Person;
  // The start of an hour: a minute does not end while it is counted.
  let now = Math.ceil(Date.now() / 3_600_000) * 3_600_000;
  const ofMinute = 30;
  beforeAll(async () => {
    github = await startGithub();
    skillett = await startSkillett(engine, { env: github.settings(), clock: () => now });
    owner = await claimInstance(skillett);
    await skillett.connect("github", github.mintToken());
    await skillett.setPlan("free");
  });
  afterAll(async () => {
    await skillett?.close();
    await github?.close();
  });
  beforeEach(() => {
    now += 3_600_000;
  });

  const call = async (key: string) =>
    (await skillett.call("POST", "/v1/github/get_authenticated_user", { key, body: {} })).status;
  async function calls(key: string, count: number): Promise<number> {
    const sent = github.requests.length;
    const statuses = await Promise.all(Array.from({ length: count }, () => call(key)));
    const done = statuses.filter((status) => status === 200).length;
    // Nothing but the minute refuses, and what it refuses is not sent.
    expect(statuses.filter((status) => status === 429)).toHaveLength(count - done);
    expect(github.requests.length - sent).toBe(done);
    return done;
  }
  const make = (body: object) => owner.call("POST", "/api-keys", { name: "key", ...body });
  async function agentKey(name: string): Promise<{ id: string; key: string }> {
    await owner.call("POST", "/api/agents", { name });
    const { json } = await make({ agent_id: name });
    return { id: json.api_key.id, key: json.full_key };
  }

  async function revokeOwn(): Promise<void> {
    const { json } = await owner.call("GET", "/api-keys");
    for (const { id, agent_id } of json) if (!agent_id) await owner.call("DELETE", `/api-keys/${id}`);
  }

  it("the minute of a plan goes on when an agent's key is rotated, by itself or by its person", async () => {
    let { id, key } = await agentKey("rotating");
    expect(await calls(key, 20)).toBe(20);
    for (const by of [key, undefined]) {
      const path = `/api-keys/${id}/rotate`;
      const { json } = by ? await skillett.call("POST", path, { key: by }) : await owner.call("POST", path);
      [id, key] = [json.api_key.id, json.full_key];
      expect(await calls(key, 5)).toBe(5);
    }
    expect(await calls(key, 10)).toBe(0);
    now += 60_000;
    expect(await calls(key, ofMinute + 1)).toBe(ofMinute);
  });

  it("the minute of a plan goes on when a person's own key is rotated", async () => {
    const listed = await owner.call("GET", "/api-keys");
    expect(listed.status, listed.text).toBe(200);
    const [own] = listed.json;
    expect(await calls(skillett.key, 20)).toBe(20);
    const { json } = await owner.call("POST", `/api-keys/${own.id}/rotate`);
    expect(await calls(json.full_key, 20)).toBe(10);
    const again = await owner.call("POST", `/api-keys/${json.api_key.id}/rotate`);
    expect(await calls(again.json.full_key, 5)).toBe(0);
    now += 60_000;
    expect(await calls(again.json.full_key, 5)).toBe(5);
  });

  it("the minute of a plan is one for all agents of a person, however many they are", async () => {
    const keys = await Promise.all(["one", "two", "three"].map(agentKey));
    const all = keys.flatMap(({ key }) => Array.from({ length: ofMinute }, () => call(key)));
    const statuses = await Promise.all(all);
    expect(statuses.filter((status) => status === 200)).toHaveLength(ofMinute);
    expect(statuses.filter((status) => status === 429)).toHaveLength(2 * ofMinute);
  });

  it("a person who makes and revokes keys again and again is stopped after twenty", async () => {
    await revokeOwn();
    for (let at = 0; at < 20; at++) {
      const { status, json } = await make({});
      expect(status).toBe(201);
      expect((await owner.call("DELETE", `/api-keys/${json.api_key.id}`)).status).toBe(204);
    }
    expect(await make({})).toMatchObject({ status: 429, json: { error: "rate_limit_reached" } });
    now += 3_600_000;
    expect((await make({})).status).toBe(201);
  });

  it("keys of agents take no place that a plan has for keys of persons", async () => {
    await revokeOwn();
    await owner.call("POST", "/api/agents", { name: "one" });
    expect((await make({})).status).toBe(201);
    expect((await make({})).json.error).toBe("plan_limit_reached");
    expect((await make({ agent_id: "one" })).status).toBe(201);
    expect((await make({})).json.error).toBe("plan_limit_reached");
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { dayMs } from "#core/clock.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { type BoundKey, insertAgent, insertKey, type Person, setRole, signUp } from "#support/world.js";

/** What agents ask for, and people decide. */

onEachEngine("tasks", (engine) => {
  let skillett: Skillett;
  let now = Date.now();
  let ada: Person;
  let skill: { id: string; name: string };
  let bot: BoundKey;
  const reason = "Every Monday.\nBefore nine.";

  beforeAll(async () => {
    skillett = await startSkillett(engine, { env: { SKILLETT_SIGN_UP: "open" }, clock: () => now });
    ada = await signUp(skillett, "Ada");
    const installed = await ada.call("POST", "/api/listings/skillett/skillett-github/install");
    skill = installed.json.skill;
  });
  afterAll(() => skillett?.close());
  beforeEach(async () => {
    bot = await insertAgent(skillett.app.database, ada, "Bot");
  });

  const ask = (key: string, body: object) =>
    skillett.call("POST", "/v1/tasks", { key, body: { reason, ...body } });
  const askForSkill = (key = bot.key) => ask(key, { type: "skill_request", subject: "skillett-github" });
  const outcome = (id: string, key = bot.key) => skillett.call("GET", `/v1/tasks/${id}`, { key });
  const decide = (id: string, how: "approve" | "reject", body: object = {}) =>
    ada.call("POST", `/api/tasks/${id}/${how}`, body);
  const assignments = () =>
    skillett.app.database.kysely
      .selectFrom("skill_assignments")
      .select(["enabled", "assigned_by"])
      .where("agent_id", "=", bot.agentId)
      .where("skill_id", "=", skill.id)
      .execute();

  it("a skill that is asked for is assigned when the answer says approved", async () => {
    const asked = await askForSkill();
    expect(asked).toMatchObject({ status: 201, json: { status: "pending" } });
    const id = asked.json.task_id;
    expect(id).toMatch(/^task_/);
    expect(await assignments()).toEqual([]);
    const { json: shown } = await ada.call("GET", `/api/tasks/${id}`);
    expect(shown.task).toMatchObject({
      ...{ id, type: "skill_request", status: "pending", subject: skill.id, subjectName: skill.name, reason },
      ...{ agentId: bot.agentId, agentName: "Bot", requestedBy: ada.profileId, decidedBy: null },
    });
    const approved = await decide(id, "approve", { note: "Go\nahead." });
    expect(approved).toMatchObject({
      status: 200,
      json: { task: { status: "approved", decidedBy: ada.profileId, note: "Go\nahead." } },
    });
    expect(await assignments()).toEqual([{ enabled: 1, assigned_by: ada.profileId }]);
    expect((await outcome(id)).json).toMatchObject({ task_id: id, status: "approved", note: "Go\nahead." });
    expect(await askForSkill()).toMatchObject({ status: 409, json: { error: "conflict" } });
  });

  it("equal open requests are one, also when they come at once", async () => {
    const replies = await Promise.all(Array.from({ length: 12 }, () => askForSkill()));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(replies.map(({ json }) => json.task_id)).size).toBe(1);
    const other = await insertAgent(skillett.app.database, ada, "Other");
    const id = replies[0]!.json.task_id;
    expect((await askForSkill(other.key)).json.task_id).not.toBe(id);
    await decide(id, "reject", {});
    expect((await askForSkill()).json.task_id).not.toBe(id);
  });

  it("approving a task and deleting its agent at the same moment causes no server error", async () => {
    for (let round = 0; round < 8; round++) {
      const brief = await insertAgent(skillett.app.database, ada, `Brief ${round}`);
      const id = (await askForSkill(brief.key)).json.task_id;
      const replies = await Promise.all([
        decide(id, "approve"),
        ada.call("DELETE", `/api/agents/${brief.agentId}`),
      ]);
      expect(replies.map(({ status }) => status)).toEqual([expect.toSatisfy((it) => it < 500), 200]);
    }
  });

  it("one of several decisions counts, and the others hear whose that was", async () => {
    const id = (await askForSkill()).json.task_id;
    const replies = await Promise.all([decide(id, "approve"), decide(id, "reject"), decide(id, "approve")]);
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = replies.filter(({ status }) => status === 409);
    expect(refused).toHaveLength(2);
    for (const { json } of refused) expect(json.error).toMatch(/^Ada has (approved|rejected) this already/);
    const { status } = (await outcome(id)).json;
    expect(await assignments()).toHaveLength(status === "approved" ? 1 : 0);
  });

  it("an agent that has the skill meanwhile is approved all the same", async () => {
    const id = (await askForSkill()).json.task_id;
    const { tenantId: tenant_id, profileId: assigned_by } = ada;
    await skillett.app.database.kysely
      .insertInto("skill_assignments")
      .values({
        ...{ tenant_id, id: "by-hand", skill_id: skill.id, agent_id: bot.agentId, pinned_version: null },
        ...{ enabled: 0, config: "{}", priority: 7, assigned_by, assigned_at: now },
      })
      .execute();
    expect((await decide(id, "approve")).json.task.status).toBe("approved");
    expect(await assignments()).toEqual([{ enabled: 1, assigned_by }]);
  });

  it("a request for an archived skill cannot be approved, and stays open", async () => {
    const { kysely } = skillett.app.database;
    const setStatus = (status: string) =>
      kysely.updateTable("skills").set({ status }).where("id", "=", skill.id).execute();
    const id = (await askForSkill()).json.task_id;
    await setStatus("archived");
    expect(await decide(id, "approve")).toMatchObject({ status: 409 });
    expect(await askForSkill((await insertAgent(skillett.app.database, ada, "Late")).key)).toMatchObject({
      status: 404,
    });
    await setStatus("active");
    expect((await outcome(id)).json.status).toBe("pending");
    expect(await assignments()).toEqual([]);
    expect((await decide(id, "approve")).status).toBe(200);
  });

  it("a decision needs no note, and no body", async () => {
    const id = (await askForSkill()).json.task_id;
    const reply = await ada.call("POST", `/api/tasks/${id}/reject`);
    expect(reply).toMatchObject({ status: 200, json: { task: { status: "rejected", note: null } } });
  });

  it("a request that nobody decides in a week has expired, and can be made anew", async () => {
    const first = (await askForSkill()).json.task_id;
    now += 7 * dayMs;
    expect((await outcome(first)).json.status).toBe("expired");
    const list = async (status: string) => {
      const { json } = await ada.call("GET", `/api/tasks?status=${status}&limit=200`);
      return json.tasks.map(({ id }: { id: string }) => id);
    };
    expect(await list("expired")).toContain(first);
    expect(await list("pending")).not.toContain(first);
    expect(await decide(first, "approve")).toMatchObject({ status: 409 });
    const second = (await askForSkill()).json.task_id;
    expect(second).not.toBe(first);
    expect((await list("pending"))[0]).toBe(second);
    expect((await outcome(first)).json.status).toBe("expired");
  });

  describe("requests for integrations", () => {
    it("a key without an agent may ask for an integration, and a person approves it", async () => {
      const plain = await insertKey(skillett.app.database, ada);
      const asked = await ask(plain.key, { type: "connector_request", subject: "slack" });
      expect(asked).toMatchObject({ status: 201, json: { message: expect.stringContaining("Slack") } });
      const { json } = await decide(asked.json.task_id, "approve");
      expect(json.task).toMatchObject({ status: "approved", subjectName: "Slack", agentId: null });
    });
  });

  it("a key without an agent cannot ask for a skill", async () => {
    const plain = await insertKey(skillett.app.database, ada);
    expect(await askForSkill(plain.key)).toMatchObject({ status: 400, json: { issues: [{ at: "type" }] } });
  });

  it("skills of others, and skills that are not there, are refused alike", async () => {
    const eve = await signUp(skillett, `Eve${now}`);
    const spy = await insertAgent(skillett.app.database, eve, "Spy");
    const theirs = await ask(spy.key, { type: "skill_request", subject: skill.id });
    const nothing = await ask(spy.key, { type: "skill_request", subject: "nothing" });
    const said = ({ json: { request_id: _, ...rest } }: typeof theirs) => rest;
    expect(theirs.status).toBe(404);
    expect(said(theirs)).toEqual(said(nothing));
    const id = (await askForSkill()).json.task_id;
    expect((await outcome(id, spy.key)).status).toBe(404);
    expect((await eve.call("GET", `/api/tasks/${id}`)).json.error).toBe("Task not found");
    expect((await eve.call("POST", `/api/tasks/${id}/approve`, {})).status).toBe(404);
    expect((await eve.call("GET", "/api/tasks")).json).toEqual({ tasks: [], total: 0 });
    expect((await outcome(id)).json.status).toBe("pending");
  });

  it("a member sees a task, and cannot decide it", async () => {
    const id = (await askForSkill()).json.task_id;
    await setRole(skillett.app.database, ada, "member");
    expect(await decide(id, "approve")).toMatchObject({ status: 403 });
    expect((await ada.call("GET", `/api/tasks/${id}`)).status).toBe(200);
    await setRole(skillett.app.database, ada, "engineer");
    expect(await decide(id, "approve")).toMatchObject({ status: 200 });
    await setRole(skillett.app.database, ada, "owner");
  });
});

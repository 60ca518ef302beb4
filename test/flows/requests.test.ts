import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { dayMs } from "#core/clock.js";
import { createCleanup } from "#support/cleanup.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { type BoundKey, insertAgent, insertKey, type Person, signUp } from "#support/world.js";
import { connectMcp } from "../mcp/mcp-clients.js";
import { startLongAnswers } from "./long-answers.js";

/** Asking for integrations: what is connected, what could be, and what nobody has yet. */

onEachEngine("requests", (engine) => {
  const cleanup = createCleanup();
  let skillett: Skillett;
  let now = Date.now();
  let ada: Person;
  let bot: BoundKey;
  let count = 0;

  beforeAll(async () => {
    const service = await startLongAnswers();
    cleanup.add(service.close);
    skillett = await startSkillett(engine, {
      clock: () => now,
      env: { SKILLETT_SIGN_UP: "open", SKILLETT_ODD_BASE_URL: service.url },
    });
    cleanup.add(skillett.close);
    ada = await signUp(skillett, "Ada");
    const plain = await insertKey(skillett.app.database, ada);
    const credentials = { token: "test-token-0123456789" };
    const connected = await skillett.call("POST", "/v1/connect", {
      key: plain.key,
      body: { integration: "odd", credentials },
    });
    expect(connected.status).toBe(200);
  });
  afterAll(() => cleanup.run());
  beforeEach(async () => {
    count += 1;
    bot = await insertAgent(skillett.app.database, ada, `Bot ${count}`);
  });

  const ask = (subject: string, key = bot.key, reason = "To tell the team.") =>
    skillett.call("POST", "/v1/tasks", { key, body: { type: "connector_request", subject, reason } });
  const own = async (query = "", key = bot.key) =>
    (await skillett.call("GET", `/v1/tasks${query}`, { key })).json;
  const withdraw = (id: string, key = bot.key) => skillett.call("DELETE", `/v1/tasks/${id}`, { key });
  const shown = async (id: string) => (await ada.call("GET", `/api/tasks/${id}`)).json.task;

  it.each(["slack", "Slack", " SLACK "])(
    "a request for %j, which has no account, becomes a task",
    async (subject) => {
      const asked = await ask(subject);
      expect(asked).toMatchObject({
        status: 201,
        json: {
          status: "pending",
          message: "Integration setup request created for Slack. An administrator will review.",
        },
      });
      expect(await shown(asked.json.task_id)).toMatchObject({ subject: "slack", subjectName: "Slack" });
    },
  );

  it.each(["odd", "ODD", " o-d d"])("a request for %j, which is connected, conflicts", async (subject) => {
    const reply = await ask(subject);
    expect(reply).toMatchObject({
      status: 409,
      json: {
        error: "conflict",
        message: expect.stringContaining("Odd is connected"),
        retryable: false,
      },
    });
    expect((await own()).total).toBe(0);
  });

  it("a request over MCP for a connected integration is an error, and for another a task", async () => {
    const client = await connectMcp(skillett.url, bot.key, "client 2.x, 2026");
    try {
      const { isError, content } = await client.call("connector_request", {
        integrationId: "odd",
        reason: "r",
      });
      expect(isError).toBe(true);
      expect(JSON.parse(content[0]!.text)).toMatchObject({ code: "conflict" });
      const wish = await client.call("connector_request", { integrationId: "Jira", reason: "r" });
      expect(wish.structuredContent).toMatchObject({ status: "pending" });
    } finally {
      await client.close();
    }
  });

  it("a wish for any other service becomes a task, however it is written, and equal wishes are one", async () => {
    const first = (await ask("  Jira   Cloud ")).json.task_id;
    expect((await ask("JIRA cloud")).json.task_id).toBe(first);
    expect(await shown(first)).toMatchObject({
      subject: "jira cloud",
      subjectName: "jira cloud",
      status: "pending",
    });
    for (const subject of ["", "x".repeat(65), "\u200b\u202e", "!!!", "a\u0000b"])
      expect((await ask(subject)).status, JSON.stringify(subject)).toBe(400);
  });

  it("requests are listed and taken back by the agent that made them, and by no other", async () => {
    const other = await insertAgent(skillett.app.database, ada, `Other ${count}`);
    const plain = await insertKey(skillett.app.database, ada);
    const id = (await ask("linear")).json.task_id;
    expect(await own()).toMatchObject({
      requests: [{ task_id: id, subject: "linear", status: "pending", reason: "To tell the team." }],
      total: 1,
    });
    expect(await own("", other.key)).toEqual({ requests: [], total: 0 });
    expect((await withdraw(id, other.key)).status).toBe(404);
    expect((await skillett.call("GET", `/v1/tasks/${id}`, { key: other.key })).status).toBe(404);

    expect(await withdraw(id)).toMatchObject({ status: 200, json: { task_id: id, status: "withdrawn" } });
    expect(await withdraw(id)).toMatchObject({ status: 409, json: { error: "conflict" } });
    expect(await shown(id)).toMatchObject({ status: "withdrawn", decidedBy: null });
    const decided = await ada.call("POST", `/api/tasks/${id}/approve`, {});
    expect(decided).toMatchObject({ status: 409, json: { error: expect.stringContaining("taken it back") } });
    expect((await own("?status=pending")).total).toBe(0);
    // A person sees what their keys asked for, through whichever agent.
    expect((await own("?status=withdrawn", plain.key)).requests[0]).toMatchObject({ task_id: id });
    // What was taken back can be asked for again.
    expect((await ask("linear")).json.task_id).not.toBe(id);
  });

  it("the requests of one agent are bounded within a day, those taken back included", async () => {
    for (let at = 0; at < 20; at++) {
      const { status, json } = await ask(`service ${at}`);
      expect(status).toBe(201);
      if (at % 2) await withdraw(json.task_id);
    }
    const refused = await ask("one more");
    expect(refused).toMatchObject({ status: 409, json: { message: expect.stringContaining("20 requests") } });
    // One that is open answers as before, and other agents ask as before.
    expect((await ask("service 0")).status).toBe(201);
    expect(
      (await ask("one more", (await insertAgent(skillett.app.database, ada, `Free ${count}`)).key)).status,
    ).toBe(201);
    now += dayMs + 1;
    expect((await ask("one more")).status).toBe(201);
  });
});

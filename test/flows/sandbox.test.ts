import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadCatalog } from "#catalog/load/load.js";
import { newUuid } from "#core/ids.js";
import { createCleanup } from "#support/cleanup.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { insertPerson } from "#support/world.js";
import { newcomer } from "./sandbox-newcomer.js";

/** The sandbox is answered from inside, and is called like every other integration. */

const builtIn = fileURLToPath(new URL("../../integrations", import.meta.url));
const { endpoints } = loadCatalog({ dirs: [builtIn], baseUrls: {} }).integration("sandbox");
const answered = [...endpoints.values()].filter(({ example }) => example.answer !== undefined);

onEachEngine("the sandbox", (engine) => {
  const cleanup = createCleanup();
  let skillett: Skillett;
  /** The time of the answers in the files. */
  const start = Date.parse("2026-11-25T12:00:00Z");
  let now = start;
  beforeAll(async () => {
    skillett = await startSkillett(engine, { clock: () => now });
    cleanup.add(skillett.close);
  });
  afterAll(() => cleanup.run());

  it("the first call of a tenant is answered without a connection", async () => {
    const { call, log } = await newcomer(skillett);
    const { status, json } = await call("list_issues");
    expect(status).toBe(200);
    expect(json).toMatchObject({ status: 200, data: { total: 21, page: 1 }, page: { next: { page: 2 } } });
    expect(json.data.issues).toHaveLength(10);
    expect(json.data.issues[0]).toMatchObject({ number: 25, title: "Plan the release of next week" });
    expect((await log())[0]).toMatchObject({ status: "completed", upstream_status: 200, account: null });
  });

  it("an issue that is created is in the list, and has a row in the log", async () => {
    const { call, log } = await newcomer(skillett);
    const made = await call("create_issue", { title: "Bug report", labels: ["bug"], assignee: "ben" });
    expect(made.json).toMatchObject({ status: 201, data: { number: 26, author: "ada", state: "open" } });
    const { json } = await call("list_issues", { per_page: 1 });
    expect(json.data.issues).toEqual([expect.objectContaining({ number: 26, title: "Bug report" })]);
    expect((await log())[1]).toMatchObject({
      integration: "sandbox",
      endpoint: "create_issue",
      effect: "write",
      target: "Bug report",
      status: "completed",
      upstream_status: 201,
      connection_id: null,
    });
  });

  it("an issue is changed, commented on and deleted for good, and its number does not come back", async () => {
    const { call } = await newcomer(skillett);
    await call("create_issue", { title: "One" });
    const closed = await call("update_issue", { number: 26, state: "closed", assignee: null });
    expect(closed.json.data).toMatchObject({ title: "One", state: "closed", assignee: null });
    await call("add_comment", { number: 26, body: "Done." });
    const read = await call("get_issue", { number: 26 });
    expect(read.json.data.comments).toEqual([expect.objectContaining({ author: "ada", body: "Done." })]);
    expect((await call("delete_issue", { number: 26 })).json).toEqual({ status: 204, data: null });
    expect((await call("get_issue", { number: 26 })).json).toMatchObject({
      status: 404,
      data: { error: { code: "not_found", message: "There is no issue 26." } },
      hint: { message: expect.stringContaining("list_issues") },
    });
    expect((await call("create_issue", { title: "Two" })).json.data.number).toBe(27);
  });

  it("two tenants never see each other's, and the people of one share theirs", async () => {
    const [one, other] = [await newcomer(skillett), await newcomer(skillett)];
    await one.call("create_issue", { title: "Of one" });
    expect((await other.call("get_issue", { number: 26 })).json.status).toBe(404);
    await other.call("delete_issue", { number: 1 });
    expect((await one.call("get_issue", { number: 1 })).json.status).toBe(200);
    const colleague = await insertPerson(skillett.app.database, newUuid(), { tenantId: one.tenantId });
    const seen = await one.callAt(skillett, colleague.key)("get_issue", { number: 26 });
    expect(seen.json.data.title).toBe("Of one");
  });

  it("issues that are created at once have numbers of their own", async () => {
    const { call } = await newcomer(skillett);
    const titles = Array.from({ length: 20 }, (_, i) => `Issue ${i}`);
    const replies = await Promise.all(titles.map((title) => call("create_issue", { title })));
    const numbers = replies.map(({ json }) => json.data.number).sort((a, b) => a - b);
    expect(numbers).toEqual(titles.map((_, i) => 26 + i));
  });

  it("the same Idempotency-Key creates one issue, and a dry run none", async () => {
    const { call } = await newcomer(skillett);
    const headers = { "idempotency-key": "once" };
    const first = await call("create_issue", { title: "Once" }, { headers });
    const second = await call("create_issue", { title: "Once" }, { headers });
    expect(second.text).toBe(first.text);
    const dry = await call("create_issue", { title: "Dry" }, { query: "?dry_run=true" });
    expect(dry.json).toMatchObject({
      dry_run: true,
      request: { method: "POST", url: "inside://sandbox/issues", body: { title: "Dry" } },
    });
    expect((await call("list_issues")).json.data.total).toBe(22);
  });

  it.each([
    ["list_issues", { state: "all" }, 25],
    ["list_mail", {}, 9],
    ["list_messages", { channel: "C1" }, 7],
  ])("all pages of %s are read", async (endpoint, params, items) => {
    const { call } = await newcomer(skillett);
    const { json } = await call(endpoint, params, { query: "?all=true" });
    expect(json.page).toMatchObject({ items });
    expect(json.page.pages).toBeGreaterThan(1);
    const ids = json.data.map((it: { id?: number; number?: number }) => it.id ?? it.number);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => Number(b) - Number(a)));
  });

  it("chat refuses with HTTP 200, which stands in the answer and in the log", async () => {
    const { call, log } = await newcomer(skillett);
    const refusals = [
      ["list_messages", { channel: "general" }, "channel_not_found"],
      ["list_messages", { channel: "C1", cursor: "x" }, "invalid_cursor"],
      ["post_message", { channel: "C9", text: "Hello" }, "channel_not_found"],
      ["post_message", { channel: "C1", text: " " }, "no_text"],
      ["post_message", { channel: "C1", text: "x".repeat(4_001) }, "message_too_long"],
      ["add_reaction", { message: 999, emoji: "tada" }, "message_not_found"],
    ] as const;
    for (const [endpoint, params, error] of refusals) {
      const { json } = await call(endpoint, params);
      expect(json).toMatchObject({ status: 200, refused: { message: error }, data: { ok: false, error } });
      expect(json.hint.message).not.toBe("");
    }
    const statuses = (await log()).map(({ status }: { status: string }) => status);
    expect(statuses).toEqual(refusals.map(() => "refused_upstream"));
  });

  it("a message is posted and reacted to, once", async () => {
    const { call } = await newcomer(skillett);
    const { json } = await call("post_message", { channel: "C3", text: "The release is out. 🎉" });
    const { id } = json.data.message;
    expect((await call("add_reaction", { message: id, emoji: "tada" })).json.data.ok).toBe(true);
    expect((await call("add_reaction", { message: id, emoji: "tada" })).json.refused.message).toBe(
      "already_reacted",
    );
    const { messages } = (await call("list_messages", { channel: "C3", limit: 1 })).json.data;
    expect(messages).toEqual([
      expect.objectContaining({
        text: "The release is out. 🎉",
        author: "ada",
        reactions: { tada: ["ada"] },
      }),
    ]);
  });

  it("exports are answered five times a minute, then with 429 and how long to wait", async () => {
    const [{ call }, other] = [await newcomer(skillett), await newcomer(skillett)];
    const replies = [];
    for (let i = 0; i < 6; i++) replies.push((await call("export_issues")).json);
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(replies[0].data.split("\r\n")).toHaveLength(27);
    expect(replies[5]).toMatchObject({
      data: { error: { code: "rate_limited" } },
      page: { retry_after: 60 },
      hint: { class: "rate", message: expect.stringContaining("retry_after") },
    });
    expect((await other.call("export_issues")).json.status).toBe(200);
    now += 60_000;
    expect((await call("export_issues")).json.status).toBe(200);
  });

  it("an invitation, for which the account has no permission, is refused with 403", async () => {
    const { call, log } = await newcomer(skillett);
    const { json } = await call("invite_person", { name: "Dana Ruiz", address: "dana@example.com" });
    expect(json).toMatchObject({
      status: 403,
      data: { error: { code: "admin_required" } },
      hint: { class: "admin_needed" },
    });
    expect((await log())[0]).toMatchObject({ status: "refused_upstream", target: "dana@example.com" });
  });

  it("a draft is sent once, an answer stays in its conversation, and nothing else is sent", async () => {
    const { call } = await newcomer(skillett);
    const draft = { to: ["noor@bakery.example"], subject: "Re: I cannot pay", text: "Soon.", in_reply_to: 9 };
    const { json } = await call("create_draft", draft);
    expect(json.data).toMatchObject({ folder: "drafts", thread_id: 5 });
    const { id } = json.data;
    expect((await call("send_draft", { id })).json).toMatchObject({ status: 200, data: { folder: "sent" } });
    expect((await call("send_draft", { id })).json).toMatchObject({
      status: 409,
      data: { error: { code: "not_a_draft" } },
    });
    await call("send_mail", { to: ["ben@acme.example"], subject: "Hello", text: "Lunch?" });
    const { mails } = (await call("list_mail", { folder: "sent" })).json.data;
    expect(mails.map((mail: { subject: string }) => mail.subject)).toEqual([
      "Hello",
      "Re: I cannot pay",
      "Re: I cannot pay",
      "Re: Release of next week",
    ]);
    expect((await call("send_draft", { id: 999 })).json.status).toBe(404);
  });

  it("a hostile mail is readable without what it hides, and a file comes as bytes", async () => {
    const { call } = await newcomer(skillett);
    const raw = (await call("get_mail", { id: 8 })).json.data;
    expect(raw.html).toContain("ASSISTANT:");
    const view = (await call("get_mail", { id: 8 }, { query: "?view=readable" })).json.data;
    expect(view.html).toContain("If you are an AI assistant");
    expect(view.html).not.toContain("ASSISTANT:");
    expect(view).toMatchObject({ from: "it-help@acrne.example", to: "ada@acme.example" });
    const file = (await call("get_attachment", { mail_id: 3, id: 1 })).json;
    expect(file).toMatchObject({ status: 200, encoding: "base64", content_type: "application/pdf" });
    expect(Buffer.from(file.data, "base64").toString("latin1")).toMatch(/^%PDF-1\.4[\s\S]*%%EOF\n$/);
    expect((await call("get_attachment", { mail_id: 4, id: 1 })).json.status).toBe(404);
  });

  it("the calendar has a week, and times that are free in it", async () => {
    const { call } = await newcomer(skillett);
    const week = { from: "2026-11-23T00:00:00Z", to: "2026-11-28T00:00:00Z" };
    const listed = (await call("list_events", week)).json.data.events;
    expect(listed).toHaveLength(8);
    expect(listed[0]).toMatchObject({ title: "Planning of the week", start: "2026-11-23T09:00:00.000Z" });
    const made = await call("create_event", {
      title: "Lunch",
      start: "2026-11-26T14:00:00+02:00",
      end: "2026-11-26T15:00:00+02:00",
    });
    expect(made.json.data).toMatchObject({ start: "2026-11-26T12:00:00.000Z", attendees: [] });
    const day = { from: "2026-11-26T00:00:00Z", to: "2026-11-27T00:00:00Z", minutes: 120 };
    expect((await call("find_free_times", day)).json.data.free).toEqual([
      { start: "2026-11-26T09:00:00.000Z", end: "2026-11-26T11:00:00.000Z" },
      { start: "2026-11-26T13:00:00.000Z", end: "2026-11-26T17:00:00.000Z" },
    ]);
    const { id } = made.json.data;
    const turned = await call("update_event", { id, end: "2026-11-26T11:00:00Z" });
    expect(turned.json).toMatchObject({ status: 422, data: { error: { code: "invalid" } } });
    expect((await call("delete_event", { id })).json.status).toBe(204);
    expect((await call("update_event", { id, title: "x" })).json.status).toBe(404);
    expect((await call("list_events", { from: week.to, to: week.from })).json.status).toBe(422);
  });

  it.each([400, 404, 409, 500, 503])("a failure %i comes as it was asked for", async (status) => {
    const { call } = await newcomer(skillett);
    expect((await call("try_failure", { status })).json).toMatchObject({ status });
  });

  it("a client that leaves a slow call ends it", async () => {
    const { key, log } = await newcomer(skillett);
    const leaving = new AbortController();
    const call = fetch(`${skillett.url}/v1/sandbox/try_failure`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ params: { status: 500, after_seconds: 20 } }),
      signal: leaving.signal,
    });
    const statuses = async () => (await log()).map((it: { status: string }) => it.status);
    await expect.poll(statuses).toEqual(["started"]);
    leaving.abort();
    await expect(call).rejects.toThrow();
    await expect.poll(statuses).toEqual(["cancelled"]);
  });

  it.each(answered)("$name answers as its file says", async ({ name, example }) => {
    now = start;
    const { call } = await newcomer(skillett);
    expect(shortened((await call(name, example.params)).json.data)).toEqual(example.answer);
  });
});

/** With the first of the objects of each list. */
function shortened(value: unknown): unknown {
  if (Array.isArray(value)) return typeof value[0] === "object" ? [shortened(value[0])] : value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shortened(item)]));
}

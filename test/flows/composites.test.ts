import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { type CallOptions, onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { bigNumber, type ChainedService, type Instead, startChainedService } from "./chained-service.js";

/** An endpoint that is steps: each is a call with its row, and nothing that fails looks as if it could be repeated. */

onEachEngine("composites", (engine) => {
  const cleanup = createCleanup();
  let service: ChainedService;
  let skillett: Skillett;
  let now = Date.parse("2026-11-22T12:00:00Z");
  beforeAll(async () => {
    service = await startChainedService();
    cleanup.add(service.close);
    skillett = await startSkillett(engine, {
      clock: () => now,
      env: {
        SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/composites", import.meta.url).pathname,
        SKILLETT_CHAINED_BASE_URL: service.url,
      },
    });
    cleanup.add(skillett.close);
    await skillett.connect("chained");
  });
  afterAll(() => cleanup.run());
  beforeEach(async () => {
    // Another minute, so that no test counts into the limit of the one before.
    now += 60_000;
    service.asked.length = 0;
    service.instead.clear();
    service.onAsk = () => {};
    await skillett.setPlan("unlimited");
  });

  const run = (endpoint: string, params: object, query = "", more: CallOptions = {}) =>
    skillett.call("POST", `/v1/chained/${endpoint}${query}`, { body: { params }, ...more });
  const rows = async (limit: number) => {
    const { calls } = (await skillett.call("GET", `/v1/calls?limit=${limit}`)).json;
    return calls.map((row: Record<string, unknown>) => [row.endpoint, row.via, row.status, row.error]);
  };
  const instead = (place: string, what: Instead) => service.instead.set(place, what);
  const keyWith = async (...scopes: string[]): Promise<string> =>
    (await skillett.call("POST", "/api-keys", { body: { name: "narrow", scopes } })).json.full_key;

  it("values are handed on with their types, and no digit is lost", async () => {
    const { status, json, headers } = await run("forward_note", { id: "n1" });
    expect([status, json]).toEqual([200, { status: 200, data: { id: "s1" } }]);
    const body = {
      ...{ to: "grace", subject: "Fwd: Plan &amp; n1 (1.5)", rank: 1.5, tags: ["a", "b"], big: bigNumber },
    };
    expect(service.asked).toEqual(["GET /notes/n1", `POST /sent ${JSON.stringify(body)}`]);
    expect(headers.get("skillett-account")).toBe("ada");
    expect(await rows(2)).toEqual([
      ["send_note", "forward_note", "completed", null],
      ["get_note", "forward_note", "completed", null],
    ]);
  });

  it("a param that is given counts more than what was read", async () => {
    await run("forward_note", { id: "n1", to: "bob" });
    expect(service.asked[1]).toContain('"to":"bob"');
  });

  it("a key with the composite alone may call it, and none of its calls by itself", async () => {
    const key = await keyWith("chained.forward_note");
    expect((await run("forward_note", { id: "n1" }, "", { key })).json.status).toBe(200);
    const { status, json } = await run("get_note", { id: "n1" }, "", { key });
    expect([status, json.error]).toEqual([403, "scope_not_allowed"]);
    expect(service.asked).toHaveLength(2);
  });

  it.each([["chained.get_note", "chained.send_note"], ["chained:read"]])(
    "a key with %j may not call the composite, which has the row of the refusal",
    async (...scopes) => {
      const key = await keyWith(...scopes);
      const { status, json } = await run("forward_note", { id: "n1" }, "", { key });
      expect([status, json.error]).toEqual([403, "scope_not_allowed"]);
      expect(json.message).toContain("chained forward_note (write)");
      expect(service.asked).toEqual([]);
      expect(await rows(1)).toEqual([["forward_note", null, "refused", "scope_not_allowed"]]);
    },
  );

  it.each([
    [{}, "", "params.id"],
    [{ id: 7 }, "", "params.id"],
    [{ id: "n1", too: "x" }, "", "params.too"],
    [{ id: "n1" }, "?view=readable", "query.view"],
    [{ id: "n1" }, "?all=true", "query.all"],
  ])("a call with mistakes is refused before anything is asked: %j %s", async (params, query, at) => {
    const { status, json } = await run("forward_note", params, query);
    expect([status, json.issues.map((issue: { at: string }) => issue.at)]).toEqual([400, [at]]);
    expect(service.asked).toEqual([]);
  });

  it("a refusal of the first step ends it, and says that nothing was changed", async () => {
    instead("GET /notes/n9", { status: 404, body: { message: "gone" } });
    const { status, json } = await run("forward_note", { id: "n9" });
    expect([status, json.status, json.data]).toEqual([200, 404, { message: "gone" }]);
    expect(json.hint.message).toBe("Step 1 of 2 (get_note) ended with this answer, and nothing was changed.");
    expect(service.asked).toEqual(["GET /notes/n9"]);
  });

  it("a refusal in HTTP 200 ends it as well", async () => {
    instead("GET /notes/n9", { status: 200, body: { ok: false, error: "locked" } });
    const { json } = await run("forward_note", { id: "n9" });
    expect(json).toMatchObject({ status: 200, refused: { message: "locked" } });
    expect(service.asked).toHaveLength(1);
  });

  it("a value that is needed and missing is named, with a row", async () => {
    instead("GET /notes/n9", { status: 200, body: { title: null } });
    const { status, json } = await run("forward_note", { id: "n9" });
    expect([status, json.error, json.outcome]).toEqual([400, "bad_request", undefined]);
    expect(json.message).toContain("Step 2 of 2 (send_note): params.to");
    expect(json.message).toContain("{to|original.author}");
    expect(json.issues[0].at).toBe("steps.sent.params.to");
    expect(service.asked).toHaveLength(1);
    expect((await rows(1))[0]).toEqual(["send_note", "forward_note", "refused", "bad_request"]);
  });

  it("a read that breaks off may be repeated, since nothing was done", async () => {
    instead("GET /notes/n1", "reset");
    const { status, json } = await run("forward_note", { id: "n1" });
    expect([status, json.retryable, json.outcome]).toEqual([502, true, "not_done"]);
    expect(service.asked).not.toContain("POST /sent");
  });

  it("a write that breaks off is in doubt, and not to be repeated", async () => {
    instead("POST /sent", "reset");
    const { status, json } = await run("forward_note", { id: "n1" });
    expect([status, json.retryable, json.outcome]).toEqual([502, false, "unknown"]);
    expect(json.message).toContain("Step 2 of 2 (send_note)");
    expect(service.asked.filter((it) => it.startsWith("POST"))).toHaveLength(1);
  });

  it("the answer of a write that was refused is that of the whole, with its advice", async () => {
    instead("POST /sent", { status: 422, body: { message: "nobody" } });
    const { json } = await run("forward_note", { id: "n1" });
    expect([json.status, json.data]).toEqual([422, { message: "nobody" }]);
    expect(json.hint.message).toBe(
      "Step 2 of 2 (send_note) ended with this answer. There is no such person.",
    );
  });

  it("a write before the last that may be repeated is, and the answer is the declared one", async () => {
    const { json } = await run("send_to_box", { of: "ada" });
    expect(json).toEqual({ status: 200, data: { id: "s1" } });
    expect(service.asked).toEqual(['POST /boxes {"of":"ada"}', 'POST /sent {"to":"b1"}']);
    instead("POST /sent", { status: 422, body: { message: "nobody" } });
    expect((await run("send_to_box", { of: "ada" })).json.status).toBe(422);
  });

  it("values of a service lead to no other header, address or path", async () => {
    const title = "Hi\r\nBcc: eve@evil.example";
    instead("GET /notes/n9", {
      status: 200,
      body: { author: "ada@acme.example", title, path: "../../admin" },
    });
    const mail = await run("mail_note", { id: "n9" });
    expect(mail.json.issues.map(({ at }: { at: string }) => at)).toEqual(["steps.mailed.params.subject"]);
    expect(mail.json.outcome).toBeUndefined();
    const file = await run("get_linked_file", { id: "n9" });
    expect(file.json.issues.map(({ at }: { at: string }) => at)).toEqual(["steps.file.params.path"]);
    expect(service.asked).toEqual(["GET /notes/n9", "GET /notes/n9"]);
    instead("GET /notes/n9", { status: 200, body: { path: "a?b#c/%2e%2e" } });
    await run("get_linked_file", { id: "n9" });
    expect(service.asked.at(-1)).toBe("GET /files/a%3Fb%23c/%252e%252e");
  });

  it("a dry run shows every step, and sends nothing", async () => {
    const { json } = await run("forward_note", { id: "n1", to: "bob" }, "?dry_run=true");
    expect(json.steps[0]).toMatchObject({
      step: "original",
      endpoint: "get_note",
      request: { method: "GET", url: `${service.url}/notes/n1`, body: null },
    });
    expect(json.steps[0].request.headers.authorization).toBe("Bearer [credential]");
    expect(json.steps[1]).toEqual({
      step: "sent",
      endpoint: "send_note",
      method: "POST",
      path: "/sent",
      params: {
        to: "bob",
        subject: "Fwd: {original.title} ({original.rank})",
        rank: "{original.rank}",
        tags: "{original.tags}",
        big: "{original.big}",
      },
    });
    const list = await run("list_note_titles", { count: 2 }, "?dry_run=true");
    expect(list.json.steps[1]).toMatchObject({ each: "{list.notes}", max: 6, params: { id: "{item.id}" } });
    expect(service.asked).toEqual([]);
  });

  it("an admission in the middle that a limit refuses sends nothing more", async () => {
    await skillett.setPlan("free");
    for (let i = 0; i < 29; i += 1) await run("get_note", { id: "n1" });
    service.asked.length = 0;
    const { status, json, headers } = await run("forward_note", { id: "n1" });
    expect([status, json.error, json.outcome]).toEqual([429, "rate_limit_reached", undefined]);
    expect(json.message).toContain("Step 2 of 2 (send_note): Rate limit reached");
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect(service.asked).toEqual(["GET /notes/n1"]);
  });

  it("a step does not begin after 30 seconds", async () => {
    service.onAsk = () => {
      now += 31_000;
    };
    const { status, json } = await run("forward_note", { id: "n1" });
    expect([status, json.error, json.outcome]).toEqual([504, "upstream_timeout", "not_done"]);
    expect(service.asked).toHaveLength(1);
    expect(await rows(1)).toEqual([["forward_note", null, "refused", "upstream_timeout"]]);
  });

  it("an answer that is too large to keep is not lost after a write, and is none to read from", async () => {
    const large = `["${"a".repeat(9_000_000)}"]`;
    instead("POST /sent", { status: 200, body: large });
    const { json } = await run("send_to_box", { of: "ada" });
    expect([json.status, json.cut.result, json.data.slice(0, 3)]).toEqual([200, null, '["a']);
    instead("GET /notes/n9", { status: 200, body: large });
    const read = await run("forward_note", { id: "n9" });
    expect([read.status, read.json.error, read.json.outcome]).toEqual([409, "conflict", "not_done"]);
    expect(read.json.message).toBe("Step 1 of 2 (get_note): its answer is larger than 8 MB.");
  });

  it("fields and pages are those of the whole", async () => {
    const { json } = await run("list_note_titles", {}, "?fields=notes.title");
    expect(json.data).toEqual({ notes: [1, 2, 3].map((n) => ({ title: `Plan & n${n}` })) });
    const long = { status: 200, body: { id: "s1", text: "x".repeat(3_000) } };
    instead("POST /sent", long);
    expect((await run("forward_note", { id: "n1" }, "?max_chars=1000")).json.cut.pages).toBeGreaterThan(1);
  });
});

import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { type ChainedService, startChainedService } from "./chained-service.js";

/** With an Idempotency-Key a composite changes something once, however what it reads changes meanwhile. */

onEachEngine("Idempotency-Keys of composites", (engine) => {
  const cleanup = createCleanup();
  let service: ChainedService;
  let skillett: Skillett;
  let count = 0;
  beforeAll(async () => {
    service = await startChainedService();
    cleanup.add(service.close);
    skillett = await startSkillett(engine, {
      env: {
        SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/composites", import.meta.url).pathname,
        SKILLETT_CHAINED_BASE_URL: service.url,
      },
    });
    cleanup.add(skillett.close);
    await skillett.connect("chained");
  });
  afterAll(() => cleanup.run());
  beforeEach(() => {
    count += 1;
    service.asked.length = 0;
    service.instead.clear();
    service.onAsk = () => {};
  });

  const run = (endpoint = "forward_note", params: object = { id: "n1" }, query = "") =>
    skillett.call("POST", `/v1/chained/${endpoint}${query}`, {
      body: { params },
      headers: { "idempotency-key": `key-${count}` },
    });
  const sent = () => service.asked.filter((it) => it.startsWith("POST /sent")).length;

  it("the second call has the first answer, and asks for nothing", async () => {
    const first = await run();
    service.instead.set("GET /notes/n1", { status: 200, body: { author: "eve", title: "Changed" } });
    const second = await run();
    expect(second.json).toEqual(first.json);
    expect(second.headers.get("idempotency-replayed")).toBe("true");
    expect(second.headers.get("skillett-account")).toBe("ada");
    expect(service.asked).toHaveLength(2);
    expect((await run("forward_note", { id: "n2" })).json.error).toBe("conflict");
    expect((await run("send_note", { to: "ada" })).json.error).toBe("conflict");
  });

  it("a declared answer is the same again, whatever is wanted of it", async () => {
    service.instead.set("POST /sent", { status: 201, body: ' { "id" : "s1", "more": [1] } ' });
    expect((await run("send_to_box", { of: "ada" })).json).toEqual({ status: 201, data: { id: "s1" } });
    expect((await run("send_to_box", { of: "ada" })).json).toEqual({ status: 201, data: { id: "s1" } });
    expect((await run("send_to_box", { of: "ada" }, "?fields=id")).json.data).toEqual({ id: "s1" });
    expect(sent()).toBe(1);
  });

  it("a view of the last step is of the first answer, too", async () => {
    service.instead.set("GET /notes/n1", { status: 200, body: { author: "ada@acme.example", title: "Hi" } });
    const first = await run("mail_note");
    expect(first.json).toEqual({ status: 200, data: { number: "m1" } });
    const second = await run("mail_note");
    expect([second.json, service.asked.length]).toEqual([first.json, 2]);
  });

  it("two at once change something once", async () => {
    const answers = await Promise.all([run(), run(), run()]);
    expect(sent()).toBe(1);
    const done = answers.filter(({ json }) => json.status === 200).length;
    const refused = answers.filter(({ json }) => json.error === "conflict" && json.retryable).length;
    expect([done > 0, done + refused]).toEqual([true, 3]);
  });

  it.each<[place: string, instead: { status: number; body: object } | "reset"]>([
    ["GET /notes/n1", { status: 500, body: {} }],
    ["GET /notes/n1", { status: 404, body: {} }],
    ["GET /notes/n1", "reset"],
    ["GET /notes/n1", { status: 200, body: {} }],
    ["POST /sent", { status: 429, body: {} }],
  ])("the key is free again when nothing was changed: %s %j", async (place, instead) => {
    service.instead.set(place, instead);
    const first = await run();
    expect(first.json.status).not.toBe(200);
    service.instead.clear();
    expect((await run()).json).toEqual({ status: 200, data: { id: "s1" } });
  });

  it.each<[instead: { status: number; body: object } | "reset"]>([["reset"], [{ status: 502, body: {} }]])(
    "a write in doubt is not made again: %j",
    async (instead) => {
      service.instead.set("POST /sent", instead);
      await run();
      service.instead.clear();
      const { status, json } = await run();
      expect([status, json.error, json.retryable, json.outcome]).toEqual([409, "conflict", false, "unknown"]);
      expect(sent()).toBe(1);
    },
  );

  it("a refused write is refused again, with the place where it ended", async () => {
    service.instead.set("POST /sent", { status: 422, body: { message: "nobody" } });
    const first = await run();
    service.instead.clear();
    const second = await run();
    expect(second.json).toEqual(first.json);
    expect(second.json.hint.message).toContain("Step 2 of 2");
  });

  it("a key has no meaning for what only reads", async () => {
    await run("get_linked_file");
    await run("get_linked_file");
    expect(service.asked).toHaveLength(4);
  });
});

import { afterAll, beforeAll, expect, it } from "vitest";
import { type FaultUpstream, startFaultUpstream } from "#support/fault-upstream.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";

/** With an Idempotency-Key a write happens once, whatever goes wrong and however often it is asked for. */
onEachEngine("Idempotency-Key", (engine) => {
  let upstream: FaultUpstream;
  let skillett: Skillett;
  beforeAll(async () => {
    upstream = await startFaultUpstream();
    skillett = await startSkillett(engine, {
      env: { SKILLETT_ODD_BASE_URL: upstream.url, SKILLETT_UPSTREAM_TIMEOUT_SECONDS: "1" },
    });
    await skillett.connect("odd");
  });
  afterAll(async () => {
    await skillett?.close();
    await upstream?.close();
  });

  const post = (idempotencyKey: string, body: object | string, endpoint = "post_path") =>
    skillett.call("POST", `/v1/odd/${endpoint}`, { headers: { "idempotency-key": idempotencyKey }, body });
  const echo = (idempotencyKey: string, more: object = {}) =>
    post(idempotencyKey, { params: { path: "echo", note: idempotencyKey, ...more } });
  const replayed = ({ headers }: Reply) => headers.get("idempotency-replayed");
  const rows = async () => (await skillett.call("GET", "/v1/calls?limit=200")).json.calls.length;
  const conflict = (words: string) => ({
    status: 409,
    json: { error: "conflict", message: expect.stringContaining(words) },
  });

  it("the same Idempotency-Key is answered again, and the service is not asked again", async () => {
    const first = await echo("replay");
    const before = { upstream: upstream.count("/echo"), rows: await rows() };
    const second = await echo("replay");
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.text).toBe(first.text);
    expect([replayed(first), replayed(second)]).toEqual([null, "true"]);
    expect({ upstream: upstream.count("/echo"), rows: await rows() }).toEqual(before);
  });

  it("an error of the service is answered again for the same Idempotency-Key", async () => {
    const send = () => post("teapot", { params: { path: "status/418" } });
    const replies = [await send(), await send()];
    expect(replies.map(({ json }) => json.status)).toEqual([418, 418]);
    expect(upstream.count("/status/418")).toBe(1);
  });

  it("an Idempotency-Key with another request is a conflict", async () => {
    await echo("other");
    const count = upstream.count("/echo");
    expect(await echo("other", { extra: { a: 1 } })).toMatchObject(conflict("used for another request"));
    expect(await post("other", { params: { path: "json" } }, "get_path")).toMatchObject(
      conflict("another request"),
    );
    expect(upstream.count("/echo")).toBe(count);
  });

  it("the order of names in a body makes no other request, and the order of a list does", async () => {
    await post("order", '{"params":{"path":"echo","note":"n","extra":{"a":1,"b":[1,2]}}}');
    const count = upstream.count("/echo");
    const again = await post("order", '{ "params": {"extra":{"b":[1,2],"a":1}, "note":"n", "path":"echo"} }');
    expect([again.status, replayed(again)]).toEqual([200, "true"]);
    const other = await post("order", '{"params":{"path":"echo","note":"n","extra":{"a":1,"b":[2,1]}}}');
    expect(other.status).toBe(409);
    expect(upstream.count("/echo")).toBe(count);
  });

  it("twenty calls at once with one Idempotency-Key make one request", async () => {
    const count = upstream.count("/echo");
    const replies = await Promise.all(Array.from({ length: 20 }, () => echo("at-once")));
    expect(upstream.count("/echo")).toBe(count + 1);
    for (const reply of replies) {
      if (reply.status === 200) expect(reply.json.status).toBe(200);
      else {
        expect(reply).toMatchObject({ status: 409, json: { error: "conflict", retryable: true } });
        expect(reply.headers.get("retry-after")).toBe("1");
      }
    }
    expect(replies.filter((reply) => reply.status === 200 && replayed(reply) === null)).toHaveLength(1);
    expect(replayed(await echo("at-once"))).toBe("true");
  });

  it("an Idempotency-Key is free again when nothing was done", async () => {
    const read = () => post("unreachable", { params: { path: "reset", times: 2 } }, "get_path");
    expect(await read()).toMatchObject({ status: 502, json: { retryable: true } });
    expect(await read()).toMatchObject({ status: 200, json: { status: 200 } });
  });

  it("an Idempotency-Key is free again when the service refused the credential", async () => {
    const read = () => post("refused", { params: { path: "status/401", times: 1 } }, "get_path");
    expect(await read()).toMatchObject({ status: 401, json: { error: "token_expired" } });
    expect(await read()).toMatchObject({ status: 200, json: { status: 200 } });
  });

  it("an Idempotency-Key is free again when a limit stood in the way", async () => {
    await skillett.setPlan("free");
    const { kysely } = skillett.app.database;
    const today = kysely.updateTable("call_counters").where("bucket", "like", "profile:%");
    await today.set({ used: 10_000 }).execute();
    expect((await echo("limited")).json).toMatchObject({ error: "daily_limit_reached" });
    await today.set({ used: 0 }).execute();
    expect((await echo("limited")).status).toBe(200);
    await skillett.setPlan("unlimited");
  });

  it("an Idempotency-Key is not taken by a refused request or a dry run", async () => {
    expect((await post("strict", { params: { path: ".." } })).status).toBe(400);
    const dryRun = await skillett.call("POST", "/v1/odd/post_path?dry_run=true", {
      headers: { "idempotency-key": "strict" },
      body: { params: { path: "echo" } },
    });
    expect(dryRun.json.dry_run).toBe(true);
    expect((await echo("strict")).status).toBe(200);
  });

  it("a write that broke off is explained to the same Idempotency-Key, and not sent again", async () => {
    const send = () => post("broken", { params: { path: "reset" } });
    expect(await send()).toMatchObject({ status: 502, json: { retryable: false } });
    const count = upstream.count("/reset");
    const second = await send();
    expect(second).toMatchObject(conflict("ended as failed"));
    expect(second.json).toMatchObject({ next: ["skillett calls --limit 20"], retryable: false });
    expect(upstream.count("/reset")).toBe(count);
  });

  it("the database has no Idempotency-Key and no kept answer in the clear", async () => {
    const stored = await skillett.app.database.kysely.selectFrom("idempotency_keys").selectAll().execute();
    expect(stored.length).toBeGreaterThan(5);
    expect(JSON.stringify(stored)).not.toMatch(/at-once|teapot|post_path|user-agent/);
  });
});

import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createResultRows } from "#store/result-rows.js";
import { createCleanup } from "#support/cleanup.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { insertAgent, insertMember, insertPerson } from "#support/world.js";
import { bigNumber, bodies, bytes, list, longText, mebibytes, startLongAnswers } from "./long-answers.js";

/** Answers that are longer than somebody wants: cut at a clear mark, and read to the end. */

onEachEngine("results", (engine) => {
  const cleanup = createCleanup();
  let now = Date.now();
  let service: Awaited<ReturnType<typeof startLongAnswers>>;
  let skillett: Skillett;
  beforeAll(async () => {
    service = await startLongAnswers();
    cleanup.add(service.close);
    const env = { SKILLETT_ODD_BASE_URL: service.url };
    skillett = await startSkillett(engine, { env, clock: () => now });
    cleanup.add(skillett.close);
    await skillett.connect("odd");
  });
  afterAll(() => cleanup.run());
  // Whatever is kept is over, and limits begin anew.
  beforeEach(() => {
    now += 2 * 3_600_000;
  });

  const run = (path: string, query: string, more: { key?: string; headers?: Record<string, string> } = {}) =>
    skillett.call("POST", `/v1/odd/post_path?${query}`, { ...more, body: { params: { path } } });
  const read = (id: string, query = "", key = skillett.key) =>
    skillett.call("GET", `/v1/results/${id}?${query}`, { key });
  const data = ({ text }: Reply) => /"data":(.*?)(,"cut":.*)?\}$/s.exec(text)![1]!;
  const lastCall = async () => (await skillett.call("GET", "/v1/calls?limit=1")).json.calls[0];

  /** All pages, the first by the call. */
  async function readAll(path: string, query: string): Promise<Reply[]> {
    const first = await run(path, query);
    const pages = [first];
    const { result, pages: count } = first.json.cut;
    for (let page = 2; page <= count; page++) pages.push(await read(result, `${query}&page=${page}`));
    for (const [at, { status, json }] of pages.entries()) {
      expect(status).toBe(200);
      expect(json.cut).toMatchObject({ result, page: at + 1, pages: count });
    }
    return pages;
  }

  it("an answer that fits is sent as it came, and is not kept", async () => {
    const plain = await run("list", "");
    expect(plain.text).toBe(`{"status":200,"data":${bodies["/list"]!.body}}`);
    const fits = await run("list", "max_chars=100000");
    expect(fits.json).toEqual(plain.json);
    expect(await skillett.app.database.kysely.selectFrom("results").selectAll().execute()).toEqual([]);
  });

  it("the pages of a list are items, which together are the list, to the digit", async () => {
    const asked = service.asked();
    const pages = await readAll("list", "max_chars=1500");
    expect(service.asked()).toBe(asked + 1);
    expect(pages.flatMap(({ json }) => json.data)).toEqual(JSON.parse(list(100)));
    for (const page of pages) {
      expect(data(page).length).toBeLessThanOrEqual(1_500);
      expect(data(page)).toContain(`"id":${bigNumber},`);
      expect(data(page)).toContain('"price":1.10}');
    }
    const [{ json }] = pages as [Reply];
    expect(json.cut.message).toMatch(
      /^Items 1 to \d+ of 100\. Read on in this result with page=2 and max_chars=/,
    );
    expect(json.cut.expires_at).toBe(new Date(now + 3_600_000).toISOString());
    expect(pages.at(-1)!.json.cut.message).toMatch(/of 100: the last page\.$/);
  });

  it("the pages of a list within an object have the rest of the object on each", async () => {
    const pages = await readAll("google", "max_chars=2000");
    expect(pages.flatMap(({ json }) => json.data.items)).toEqual(JSON.parse(list(100)));
    for (const page of pages) {
      expect(page.json.data).toMatchObject({ kind: "calendar#events", nextPageToken: "t" });
      expect(data(page)).toContain(`"id":${bigNumber},`);
    }
  });

  it("the pages of anything but a list are text", async () => {
    const object = await readAll("object", "max_chars=5000");
    expect(object.map(({ json }) => json.data).join("")).toBe(bodies["/object"]!.body);
    expect(object[0]!.json.cut.message).toContain("of the JSON, given as text");
    const text = await readAll("text", "max_chars=5001");
    expect(text.map(({ json }) => json.data).join("")).toBe(longText);
    const binary = await readAll("binary", "max_chars=1001");
    for (const { json } of binary)
      expect(json).toMatchObject({ encoding: "base64", content_type: "image/png" });
    expect(Buffer.concat(binary.map(({ json }) => Buffer.from(json.data, "base64")))).toEqual(bytes);
  });

  it("a result has the fields that were asked for, whatever the status", async () => {
    const some = await run("list", "fields=n,id");
    expect(some.text).toContain(`"data":[{"n":0,"id":${bigNumber}},`);
    expect(some.json.cut).toBeUndefined();
    const refused = await run("refused", "fields=message,errors.n");
    expect(refused.json).toMatchObject({ status: 422, data: { message: "no" } });
    expect(refused.json.data.errors[1]).toEqual({ n: 1 });
    const text = await run("text", "fields=n");
    expect(text.json.data).toBe(longText);
    const pages = await readAll("google", "fields=items.title&max_chars=1000");
    expect(pages.length).toBe(3);
    expect(pages.flatMap(({ json }) => json.data.items)).toEqual(
      JSON.parse(list(100)).map(({ title }: { title: string }) => ({ title })),
    );
    expect(pages[0]!.json.cut.message).toContain("the same fields");
  });

  it("a result can be read in other ways than it was cut", async () => {
    const { result } = (await run("list", "fields=title&max_chars=1000")).json.cut;
    expect(JSON.parse(data(await read(result)))).toEqual(JSON.parse(list(100)));
    expect((await read(result, "max_chars=1000000")).json.cut).toBeUndefined();
    expect((await read(result, "fields=title")).json.data[99]).toEqual({ title: "Title 99" });
  });

  it("a result of 3 MB is kept whole, and one larger than 8 MB is shown as far as it goes", async () => {
    const large = await run("3mb", "max_chars=1000000");
    expect(large.json.cut).toMatchObject({ pages: 4, total_chars: 3_003_022 });
    const last = await read(large.json.cut.result, "max_chars=1000000&page=4");
    expect(data(last).endsWith(`,${bigNumber}]`)).toBe(true);
    expect((await run("3mb", "fields=a")).text).toBe(`{"status":200,"data":${bodies["/3mb"]!.body}}`);

    for (const [path, beginning] of [
      ["12mb", mebibytes(1)],
      ["12mb-text", longText],
      ["12mb-binary", bytes.toString("base64")],
    ] as const) {
      const { status, json } = await run(path, "max_chars=2000&fields=a");
      expect(status).toBe(200);
      expect(json).toMatchObject({ status: 200, data: beginning.slice(0, 2_000) });
      expect(json.cut).toMatchObject({
        result: null,
        page: 1,
        pages: 1,
        total_chars: null,
        expires_at: null,
      });
      expect(json.cut.message).toContain("larger than 8 MB and is not kept");
      await expect.poll(lastCall).toMatchObject({ status: "completed", upstream_status: 200, error: null });
    }
    expect((await run("12mb", "fields=a")).json.data).toHaveLength(40_000);
    expect((await run("12mb", "")).text).toHaveLength(mebibytes(12).length + '{"status":200,"data":}'.length);
  });

  it("a result is for the person or agent that called, and for nobody else", async () => {
    const { kysely } = skillett.app.database;
    const { result } = (await run("list", "max_chars=1000")).json.cut;
    const unknown = await read("res_0");
    expect(unknown).toMatchObject({ status: 404, json: { error: "not_found" } });
    expect(unknown.json.message).toContain("kept for an hour");

    const agent = await skillett.call("POST", "/api-keys", { body: { name: "another" } });
    expect((await read(result, "", agent.json.full_key)).status).toBe(200);
    const bound = await bindToAgent(agent.json.api_key.id);
    const colleague = await insertMember(skillett.app.database, "bob", "admin");
    const stranger = await insertPerson(skillett.app.database, "eve");
    for (const key of [agent.json.full_key, colleague.key, stranger.key]) {
      const { status, json } = await read(result, "", key);
      expect({ status, json: { ...json, request_id: "" } }).toEqual({
        status: 404,
        json: { ...unknown.json, request_id: "" },
      });
    }

    const own = await run("list", "max_chars=1000", { key: agent.json.full_key });
    expect((await read(own.json.cut.result, "", agent.json.full_key)).status).toBe(200);
    expect((await read(own.json.cut.result)).status).toBe(404);
    expect(
      (await kysely.selectFrom("results").select("agent_id").execute()).map((it) => it.agent_id),
    ).toContain(bound);
  });

  async function bindToAgent(keyId: string): Promise<string> {
    const { database } = skillett.app;
    const { tenant_id: tenantId, profile_id: profileId } = await database.kysely
      .selectFrom("api_keys")
      .selectAll()
      .where("id", "=", keyId)
      .executeTakeFirstOrThrow();
    const { agentId } = await insertAgent(database, { tenantId, profileId }, "Agent");
    await database.kysely
      .updateTable("api_keys")
      .set({ agent_id: agentId })
      .where("id", "=", keyId)
      .execute();
    return agentId;
  }

  it("a result is over after an hour, and is deleted then", async () => {
    const { result } = (await run("list", "max_chars=1000")).json.cut;
    now += 3_600_000 - 1;
    expect((await read(result)).status).toBe(200);
    now += 1;
    expect((await read(result)).json.error).toBe("not_found");

    const { database } = skillett.app;
    const kept = () => database.kysely.selectFrom("results").select("id").execute();
    await createResultRows(database).deleteExpired(now - 1);
    expect(await kept()).toEqual([{ id: result }]);
    await createResultRows(database).deleteExpired(now);
    expect(await kept()).toEqual([]);
  });

  it("a result opens after the keys were rotated, and lies sealed", async () => {
    const { result } = (await run("list", "max_chars=1000")).json.cut;
    const box = () =>
      skillett.app.database.kysely
        .selectFrom("results")
        .select("box")
        .where("id", "=", result)
        .executeTakeFirstOrThrow();
    const before = await box();
    expect(before.box).not.toContain("Title");
    let step = await skillett.call("POST", "/v1/admin/rotate-keys", { body: {} });
    while (step.json.remaining > 0) {
      const { rotation } = step.json;
      step = await skillett.call("POST", "/v1/admin/rotate-keys", { body: { rotation } });
    }
    expect((await box()).box.split(".")[0]).not.toBe(before.box.split(".")[0]);
    expect((await read(result)).json.data).toHaveLength(100);
  });

  it("the results of one Idempotency-Key come from its one answer", async () => {
    const send = (path: string, query: string) => run(path, query, { headers: { "idempotency-key": path } });
    const first = await send("google", "max_chars=1000");
    const asked = service.asked();
    const again = await send("google", "max_chars=2000&fields=items");
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(again.json.cut.result).not.toBe(first.json.cut.result);
    expect((await read(again.json.cut.result)).json.data).toEqual(
      JSON.parse(String(bodies["/google"]!.body)),
    );
    expect((await send("google", "")).text).toBe(`{"status":200,"data":${bodies["/google"]!.body}}`);
    expect(service.asked()).toBe(asked);

    await send("3mb", "max_chars=1000");
    expect(await send("3mb", "max_chars=1000")).toMatchObject({ status: 200, json: { cut: { page: 1 } } });
    await send("12mb", "max_chars=1000");
    expect((await send("12mb", "max_chars=1000")).json.message).toContain("its answer was not kept");
    expect(service.asked()).toBe(asked + 2);
  });

  it("a result that is asked for wrongly is refused, and nothing is sent", async () => {
    const asked = service.asked();
    for (const query of [
      "fields=a,,b",
      "fields=",
      "max_chars=999",
      "max_chars=1000001",
      "max_chars=x",
      "page=2",
    ])
      expect((await run("list", query)).json.error, query).toBe("bad_request");
    expect(await run("list", "fields=a..b&dry_run=true")).toMatchObject({
      status: 400,
      json: { issues: [{ at: "query.fields" }] },
    });
    const dry = await run("list", "dry_run=true&max_chars=1000&fields=a");
    expect(dry.json).toMatchObject({ dry_run: true, request: { method: "POST" } });
    expect(service.asked()).toBe(asked);

    const { result, pages } = (await run("list", "max_chars=1000")).json.cut;
    const beyond = await read(result, `max_chars=1000&page=${pages + 1}`);
    expect(beyond).toMatchObject({ status: 400, json: { error: "bad_request" } });
    expect(beyond.json.message).toContain(`There are ${pages} pages`);
    for (const query of ["page=0", "page=1.5", "fields=a,", "max_chars=5", "unknown=1"])
      expect((await read(result, query)).json.error, query).toBe("bad_request");
  });

  it("a result that cannot be kept still shows what fits, since the call has happened", async () => {
    const { kysely } = skillett.app.database;
    await kysely.schema.alterTable("results").renameTo("results_away").execute();
    try {
      const { status, json } = await run("list", "max_chars=1000");
      expect(status).toBe(200);
      expect(json.cut).toMatchObject({ result: null, expires_at: null, page: 1 });
      expect(json.cut.message).toContain("could not be kept");
      expect(json.data[0].n).toBe(0);
    } finally {
      await kysely.schema
        .alterTable("results_away" as "results")
        .renameTo("results")
        .execute();
    }
  });
});

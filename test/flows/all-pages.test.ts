import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { bigId, type PagedService, startPagedService, total } from "./paged-service.js";

/** A list is read page after page, within bounds, and nothing that was read is lost. */

onEachEngine("all pages of a list", (engine) => {
  const cleanup = createCleanup();
  let service: PagedService;
  let skillett: Skillett;
  let now = Date.parse("2026-11-22T12:00:00Z");
  beforeAll(async () => {
    service = await startPagedService();
    cleanup.add(service.close);
    skillett = await startSkillett(engine, {
      clock: () => now,
      env: {
        SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/pages", import.meta.url).pathname,
        SKILLETT_PAGED_BASE_URL: service.url,
      },
    });
    cleanup.add(skillett.close);
    await skillett.connect("paged", "token-0123456789");
  });
  afterAll(() => cleanup.run());
  beforeEach(async () => {
    // Another minute, so that no test counts into the limit of the one before.
    now += 60_000;
    service.asked.length = 0;
    service.onAsk = () => {};
    await skillett.setPlan("unlimited");
  });

  const run = (endpoint: string, way = "plain", query = "", more = {}) =>
    skillett.call("POST", `/v1/paged/${endpoint}?all=true${query}`, { body: { params: { way } }, ...more });
  const idsOf = (json: { data: { id: string }[] }) => json.data.map(({ id }) => id);
  const everyId = Array.from({ length: total }, (_, i) => `i${i}`);

  it.each([
    ["by_cursor", "plain", 3],
    ["by_cursor", "text", 3],
    ["by_cursor", "no", 3],
    ["by_post", "plain", 3],
    ["by_url", "relative", 3],
    ["by_url", "absolute", 3],
    ["by_item", "plain", 3],
    ["by_offset", "plain", 3],
    ["by_page", "plain", 4],
    ["by_link", "plain", 3],
  ])("a list that goes on %s (%s) is read to its end", async (endpoint, way, pages) => {
    const { json, text } = await run(endpoint, way);
    expect(idsOf(json)).toEqual(everyId);
    expect(json).toMatchObject({ status: 200, page: { pages, items: total } });
    expect(json.hint).toBeUndefined();
    expect(json.page.next).toBeUndefined();
    expect(text.split(`"big":${bigId}`)).toHaveLength(total + 1);
    expect(service.asked).toHaveLength(pages);
  });

  it("every page is a call with a row of its own, and counts into the limits", async () => {
    const calls = async () => (await skillett.call("GET", "/v1/calls?limit=100")).json.calls.length;
    const before = await calls();
    const { headers } = await run("by_cursor");
    expect(await calls()).toBe(before + 3);
    expect(headers.get("skillett-account")).toBe("ada");
  });

  it("a limit in the middle ends it with what there is, and says how to go on", async () => {
    await skillett.setPlan("free");
    const { json } = await run("by_cursor", "endless");
    const { data, page, hint } = json;
    expect(data.length).toBeGreaterThan(1);
    expect(data.length).toBeLessThan(100);
    expect(hint.message).toContain("Rate limit reached");
    expect(page).toMatchObject({
      pages: data.length,
      items: data.length,
      next: { cursor: String(data.length) },
    });
    expect(page.retry_after).toBeGreaterThan(0);
    expect(service.asked).toHaveLength(data.length);
  });

  it.each([
    ["error", 3, "500", { next: { cursor: "3" } }],
    ["busy", 3, "429", { next: { cursor: "3" }, retry_after: 9 }],
    ["spent", 3, "later", { next: { cursor: "3" }, retry_after: 7 }],
    ["refused", 3, "not_yours", { next: { cursor: "3" } }],
    ["dropped", 3, "could not be read", { next: { cursor: "3" } }],
    ["list_goes", 3, "no list", { next: { cursor: "3" } }],
    ["huge", 3, "8 MB", { next: { cursor: "3" } }],
    ["same_page", 1, "there before", {}],
    ["same_cursor", 4, "there before", {}],
    ["endless", 100, "100 pages", { next: { cursor: "100" } }],
    ["empty", 0, "100 pages", { next: { cursor: "100" } }],
    ["large", 2, "8 MB", { next: { cursor: "2" } }],
  ])("pages that were read before it went wrong are answered: %s", async (way, items, message, page) => {
    const { status, json } = await run("by_cursor", way);
    expect(status).toBe(200);
    expect(json.data).toHaveLength(items);
    expect(json.hint.message).toContain(message);
    expect(json.page).toEqual({ pages: expect.any(Number), items, ...page });
  });

  it("a service that is asked to wait for is not asked again", async () => {
    await run("by_cursor", "busy");
    expect(service.asked).toHaveLength(2);
  });

  it("a service that takes its time is asked for no page after 30 seconds", async () => {
    service.onAsk = () => {
      now += 16_000;
    };
    const { json } = await run("by_cursor", "endless");
    expect(json.page).toEqual({ pages: 2, items: 2, next: { cursor: "2" } });
    expect(json.hint.message).toContain("30 seconds");
  });

  it("a cursor that is a large number keeps its digits", async () => {
    expect((await run("by_cursor", "big")).json.page).toEqual({ pages: 2, items: 2 });
    expect(service.asked[1]).toContain(`cursor=${bigId}`);
    expect((await run("by_cursor", "big_twice")).json).toMatchObject({ status: 200, data: [1] });
  });

  it("a number that the service does not look at ends with the first page", async () => {
    const { json } = await run("by_page", "stuck");
    expect(json.page).toEqual({ pages: 1, items: 3 });
    expect(service.asked).toHaveLength(2);
  });

  it("a next page at another origin is not asked for", async () => {
    const { json } = await run("by_url", "elsewhere");
    expect([json.page, json.hint.message]).toEqual([
      { pages: 1, items: 3 },
      expect.stringContaining("not all"),
    ]);
  });

  it("max is the number of items, and page.next leads on", async () => {
    const inPage = (await run("by_cursor", "plain", "&max=4")).json;
    expect(idsOf(inPage)).toEqual(everyId.slice(0, 4));
    expect(inPage.page).toEqual({ next: { cursor: "3" }, pages: 2, items: 4 });
    expect(inPage.hint.message).toContain("2 more");
    const atEnd = (await run("by_cursor", "plain", "&max=3")).json;
    expect(atEnd.page).toEqual({ next: { cursor: "3" }, pages: 1, items: 3 });
    expect(atEnd.hint.message).toContain("3 items");
    expect((await run("by_cursor", "plain", "&max=7")).json.hint).toBeUndefined();
  });

  it("a refusal of the first page is answered as it came", async () => {
    const { json } = await run("by_cursor", "refused_first");
    expect(json).toEqual({
      status: 200,
      refused: { message: "not_yours" },
      data: { ok: false, error: "not_yours" },
    });
    expect((await run("by_cursor", "no_list")).json).toMatchObject({ data: { items: { a: 1 } }, hint: {} });
    expect(service.asked).toHaveLength(2);
  });

  it("fields and max_chars are of the whole list", async () => {
    expect((await run("by_cursor", "plain", "&fields=id")).json.data).toEqual(everyId.map((id) => ({ id })));
    const { json } = await run("by_cursor", "endless", "&max_chars=1000");
    expect(json.cut).toMatchObject({ page: 1, result: expect.stringMatching(/^res_/) });
    const last = await skillett.call(
      "GET",
      `/v1/results/${json.cut.result}?max_chars=1000&page=${json.cut.pages}`,
    );
    expect(last.json.data.at(-1).id).toBe("i99");
  });

  it("a view is that of the items, of all pages", async () => {
    const { json, text } = await run("by_cursor_viewed", "plain", "&view=readable");
    expect(idsOf(json)).toEqual(everyId);
    expect(Object.keys(json.data[0])).toEqual(["id", "large"]);
    expect(text.split(`"large":${bigId}`)).toHaveLength(total + 1);
    expect(json).toMatchObject({ view: "readable", page: { pages: 3 } });
    expect((await run("by_cursor_viewed")).json.data[0]).toHaveProperty("big");
    expect((await run("by_cursor", "plain", "&view=auto")).json.data[0]).toHaveProperty("big");
  });

  it("a dry run shows the first request", async () => {
    const { json } = await run("by_cursor", "plain", "&dry_run=true");
    expect(json).toMatchObject({
      dry_run: true,
      request: { method: "GET" },
      hint: { message: expect.stringContaining("first page") },
    });
    expect(service.asked).toEqual([]);
  });

  describe("requests that cannot be walked", () => {
    it.each([
      ["one that writes", "make_one", "", {}, "query.all: is for lists"],
      ["one without pages", "get_one", "", {}, "query.all: is for lists"],
      [
        "one with a key",
        "by_cursor",
        "",
        { headers: { "idempotency-key": "k1" } },
        "headers.idempotency-key",
      ],
      ["no item at most", "by_cursor", "&max=0", {}, "query.max"],
      ["too many at most", "by_cursor", "&max=10001", {}, "query.max"],
    ])("a request is refused, and nothing sent: %s", async (_, endpoint, query, more, message) => {
      const { status, json } = await run(endpoint, "plain", query, more);
      expect(status).toBe(400);
      expect(json.message).toContain(message);
      expect(service.asked).toEqual([]);
    });

    it("a max without all is refused", async () => {
      const { status, json } = await skillett.call("POST", "/v1/paged/by_cursor?max=5", { body: {} });
      expect([status, json.message]).toEqual([400, expect.stringContaining("all=true")]);
    });
  });
});

import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { type ChainedService, startChainedService } from "./chained-service.js";

/** A step for each item of a list: a few at once, in order, and none is lost because another fails. */

onEachEngine("composites with a list", (engine) => {
  const cleanup = createCleanup();
  let service: ChainedService;
  let skillett: Skillett;
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
    service.asked.length = 0;
    service.instead.clear();
    service.onAsk = () => {};
  });

  const list = (params: object = {}) =>
    skillett.call("POST", "/v1/chained/list_note_titles", { body: { params } });
  const ids = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `n${i}` }));
  const lists = (body: object) => service.instead.set("GET /notes", { status: 200, body });

  it("the answer has a place for each, in the order of the list", async () => {
    lists({ notes: ids(5), total: 5 });
    const held: (() => void)[] = [];
    let atOnce = 0;
    let most = 0;
    service.onAsk = async (place) => {
      if (place === "GET /notes") return;
      atOnce += 1;
      most = Math.max(most, atOnce);
      // The first four are answered in reverse, so that order is nothing that comes by itself.
      if (service.asked.length < 5) await new Promise<void>((resolve) => held.push(resolve));
      else for (const letGo of held.reverse()) letGo();
      atOnce -= 1;
    };
    const answered = list();
    await expect.poll(() => held.length).toBe(3);
    for (const letGo of held.splice(0).reverse()) letGo();
    const { json } = await answered;
    expect(json.data).toEqual({
      notes: ids(5).map(({ id }) => ({ id, title: `Plan & ${id}` })),
      total: 5,
    });
    expect(most).toBeLessThanOrEqual(4);
    expect(json.hint).toBeUndefined();
  });

  it("one that fails stands in its place, and the others are there", async () => {
    service.instead.set("GET /notes/n1", { status: 404, body: {} });
    service.instead.set("GET /notes/n3", "reset");
    const { json } = await list();
    expect(json.status).toBe(200);
    expect(json.data.notes).toEqual([
      { failed: { status: 404, message: "the service answered 404." } },
      { id: "n2", title: "Plan & n2" },
      {
        failed: { error: "upstream_unreachable", message: expect.stringContaining("Step 2 of 2 (get_note)") },
      },
    ]);
    expect(json.hint.message).toBe('2 of 3 calls of get_note failed: "failed" stands in their place.');
    const { calls } = (await skillett.call("GET", "/v1/calls?limit=3")).json;
    expect(calls.map(({ status }: { status: string }) => status).sort()).toEqual([
      "completed",
      "failed",
      "refused_upstream",
    ]);
  });

  it("the first failure is the answer when all fail", async () => {
    for (const id of ["n1", "n2", "n3"])
      service.instead.set(`GET /notes/${id}`, { status: 403, body: { id } });
    const { json } = await list();
    expect([json.status, json.data]).toEqual([403, { id: "n1" }]);
    expect(json.hint.message).toContain("Step 2 of 2 (get_note) ended with this answer.");
  });

  it("a list that is empty, or not there, has no calls", async () => {
    for (const body of [{ notes: [], total: 0 }, { notes: null, total: 0 }, { total: 0 }]) {
      lists(body);
      expect((await list()).json).toEqual({ status: 200, data: { notes: [], total: 0 } });
    }
    expect(service.asked).toHaveLength(3);
  });

  it("an answer without the list is refused", async () => {
    lists({ notes: { id: "n1" } });
    const { status, json } = await list();
    expect([status, json.error]).toEqual([409, "conflict"]);
    expect(json.message).toBe("Step 2 of 2 (get_note): list.notes is no list.");
  });

  it("the next page is that of the list, unless some of this one were left out", async () => {
    lists({ notes: ids(2), next: "c2" });
    expect((await list({ cursor: "c1" })).json.page).toEqual({ next: { cursor: "c2" } });
    expect(service.asked[0]).toBe("GET /notes?cursor=c1");
    lists({ notes: ids(8), next: "c2" });
    const { json } = await list();
    expect(json.data.notes).toHaveLength(6);
    expect(json.hint.message).toBe("The list has 2 more, for which get_note was not called.");
    expect(json.page).toBeUndefined();
  });

  it("items that say nothing of use are refused one by one", async () => {
    lists({ notes: [{ id: "n1" }, {}, 7, null, { id: { a: 1 } }] });
    const { json } = await list();
    expect(json.data.notes[0]).toEqual({ id: "n1", title: "Plan & n1" });
    for (const place of json.data.notes.slice(1)) expect(place.failed.error).toBe("bad_request");
    expect(service.asked).toHaveLength(2);
  });

  it("a client that leaves ends all calls that are under way", async () => {
    const leaving = new AbortController();
    service.onAsk = async (place) => {
      if (place === "GET /notes") return;
      leaving.abort();
      await new Promise((resolve) => setImmediate(resolve));
    };
    const asked = fetch(`${skillett.url}/v1/chained/list_note_titles`, {
      method: "POST",
      headers: { authorization: `Bearer ${skillett.key}`, "content-type": "application/json" },
      body: "{}",
      signal: leaving.signal,
    });
    await expect(asked).rejects.toThrow();
    await expect
      .poll(async () => {
        const { calls } = (await skillett.call("GET", "/v1/calls?limit=3")).json;
        return calls.filter(({ status }: { status: string }) => status === "started").length;
      })
      .toBe(0);
  });
});

import { afterAll, beforeAll, expect, it } from "vitest";
import { newUuid } from "#core/ids.js";
import { createCleanup } from "#support/cleanup.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { insertPerson } from "#support/world.js";

/** The sandbox is answered from inside, and is called like every other integration. */

onEachEngine("the sandbox", (engine) => {
  const cleanup = createCleanup();
  let skillett: Skillett;
  const now = Date.parse("2026-11-25T12:00:00Z");
  beforeAll(async () => {
    skillett = await startSkillett(engine, { clock: () => now });
    cleanup.add(skillett.close);
    await skillett.setPlan("unlimited");
  });
  afterAll(() => cleanup.run());

  /** Somebody new, in a tenant of their own. */
  async function newcomer(name = newUuid()) {
    const { key } = await insertPerson(skillett.app.database, name);
    const call = (endpoint: string, params: object = {}, query = "", headers = {}) =>
      skillett.call("POST", `/v1/sandbox/${endpoint}${query}`, { key, body: { params }, headers });
    return { key, call };
  }

  it("the first call of a tenant is answered without a connection", async () => {
    const { call } = await newcomer();
    const { status, json } = await call("list_issues");
    expect(status).toBe(200);
    expect(json).toMatchObject({ status: 200, data: { total: 21, page: 1 }, page: { next: { page: 2 } } });
    expect(json.data.issues).toHaveLength(10);
    expect(json.data.issues[0]).toMatchObject({ number: 25, title: "Plan the release of next week" });
  });

  it("an issue that is created is in the list, and has a row in the log", async () => {
    const { key, call } = await newcomer();
    const made = await call("create_issue", { title: "Bug report", labels: ["bug"], assignee: "ben" });
    expect(made.json).toMatchObject({ status: 201, data: { number: 26, author: "ada", state: "open" } });
    const { json } = await call("list_issues", { per_page: 1 });
    expect(json.data.issues).toEqual([expect.objectContaining({ number: 26, title: "Bug report" })]);
    const log = (await skillett.call("GET", "/v1/calls?limit=2", { key })).json.calls;
    expect(log[1]).toMatchObject({
      integration: "sandbox",
      endpoint: "create_issue",
      target: "Bug report",
      status: "completed",
      upstream_status: 201,
      connection_id: null,
    });
  });
});

import { afterAll, beforeAll, expect, it } from "vitest";
import { type FaultUpstream, startFaultUpstream } from "#support/fault-upstream.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

/** The ways in which a file can have its requests written: each as the service receives it, and as a dry run has it. */
onEachEngine("written requests", (engine) => {
  let upstream: FaultUpstream;
  let skillett: Skillett;

  beforeAll(async () => {
    upstream = await startFaultUpstream();
    skillett = await startSkillett(engine, {
      env: {
        SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/written", import.meta.url).pathname,
        SKILLETT_WRITTEN_BASE_URL: upstream.url,
      },
    });
    await skillett.connect("written");
  });
  afterAll(async () => {
    await skillett?.close();
    await upstream?.close();
  });

  const call = async (endpoint: string, params: object) =>
    (await skillett.call("POST", `/v1/written/${endpoint}`, { body: { params } })).json.data;
  const dryRun = async (endpoint: string, params: object) =>
    (await skillett.call("POST", `/v1/written/${endpoint}?dry_run=true`, { body: { params } })).json;

  it("constants arrive with what the params give, and a dry run shows them", async () => {
    const body = { filter: { property: "object", value: "page" }, query: "plan" };
    const received = await call("search_pages", { query: "plan" });
    expect(received).toMatchObject({
      method: "POST",
      path: "/echo?v=2",
      headers: { prefer: "return=minimal" },
    });
    expect(JSON.parse(received.body)).toEqual(body);
    expect((await dryRun("search_pages", { query: "plan" })).request).toMatchObject({
      url: `${upstream.url}/echo?v=2`,
      headers: { prefer: "return=minimal", authorization: "Bearer [credential]" },
      body,
    });
  });
});

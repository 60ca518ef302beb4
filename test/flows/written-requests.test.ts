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

  it("a GraphQL query arrives with its variables, and a dry run shows both", async () => {
    const params = { input: { title: 'Bug"}) { x }' } };
    const received = await call("create_issue", params);
    const body = JSON.parse(received.body);
    expect(body).toEqual({ query: expect.stringContaining("issueCreate(input: $input)"), variables: params });
    expect((await dryRun("create_issue", params)).request.body).toEqual(body);
  });

  it.each([
    ["set_labels", { labels: ["a", "b"] }, ["a", "b"]],
    ["update_page", { message: "Typo" }, { page: { version: { minor: true, message: "Typo" } } }],
  ])("the body of %s arrives as its file has it, and a dry run shows it", async (endpoint, params, body) => {
    expect(JSON.parse((await call(endpoint, params)).body)).toEqual(body);
    expect((await dryRun(endpoint, params)).request.body).toEqual(body);
  });

  it("objects and lists arrive in brackets, in the query and in a form", async () => {
    const params = { items: [{ price: "p&1", quantity: 2 }], page: { size: 5 }, expand: ["a", "b"] };
    const received = await call("create_order", params);
    expect(decodeURIComponent(received.path)).toBe("/echo?page[size]=5");
    const pairs = [...new URLSearchParams(received.body)];
    expect(pairs).toEqual([
      ["items[0][price]", "p&1"],
      ["items[0][quantity]", "2"],
      ["expand[]", "a"],
      ["expand[]", "b"],
    ]);
    expect((await dryRun("create_order", params)).request.body).toBe(received.body);
  });

  it.each([
    [{ data: null, errors: [{ message: "not_there" }] }, "refused_upstream", "not_there"],
    [{ data: { node: null }, errors: [{ message: "not_there" }] }, "refused_upstream", "not_there"],
    [{ data: { node: { id: 1 } }, errors: [{ message: "Slow" }] }, "completed", undefined],
    [{ data: { node: null } }, "completed", undefined],
  ])("a GraphQL answer of %j ends as %s", async (said, status, message) => {
    const params = { body: JSON.stringify(said) };
    const { json } = await skillett.call("POST", "/v1/written/get_answer", { body: { params } });
    expect(json.data).toEqual(said);
    expect(json.refused?.message).toBe(message);
    expect(json.hint?.message).toBe(message && "Look for it by its name.");
    expect((await skillett.call("GET", "/v1/calls?limit=1")).json.calls[0].status).toBe(status);
  });
});

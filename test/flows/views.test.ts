import { afterAll, beforeAll, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { connectMcp, type McpClient } from "../mcp/mcp-clients.js";
import { bigNumber, list } from "./long-answers.js";
import { rawBody, readMessage, startViewedAnswers } from "./viewed-answers.js";

/** The readable view of an answer: by REST where it is asked for, by MCP unless the raw answer is. */

onEachEngine("views", (engine) => {
  const cleanup = createCleanup();
  let service: Awaited<ReturnType<typeof startViewedAnswers>>;
  let skillett: Skillett;
  let client: McpClient;
  beforeAll(async () => {
    service = await startViewedAnswers();
    cleanup.add(service.close);
    skillett = await startSkillett(engine, { env: { SKILLETT_ODD_BASE_URL: service.url } });
    cleanup.add(skillett.close);
    await skillett.connect("odd");
    await skillett.setPlan("unlimited");
    client = await connectMcp(skillett.url, skillett.key, "client 2.x, 2026");
    cleanup.add(() => client.close());
  });
  afterAll(() => cleanup.run());

  const run = (path: string, query = "", headers: Record<string, string> = {}) =>
    skillett.call("POST", `/v1/odd/read_path?${query}`, { headers, body: { params: { path } } });
  const tool = async (args: object) => {
    const { content, isError } = await client.call("integration_run", args);
    return { isError: isError ?? false, text: content[0]!.text, json: JSON.parse(content[0]!.text) };
  };
  const runTool = (path: string, more: object = {}) =>
    tool({ integration: "odd", endpoint: "read_path", params: { path }, ...more });

  it("an answer comes raw unless its view is asked for, and says which it is", async () => {
    for (const query of ["", "view=raw"])
      expect((await run("message", query)).text).toBe(`{"status":200,"data":${rawBody("message")}}`);
    for (const query of ["view=readable", "view=auto"])
      expect((await run("message", query)).json).toEqual({
        status: 200,
        data: readMessage,
        view: "readable",
      });
  });

  it("a view keeps every digit, and picks, renames and joins", async () => {
    expect((await run("big", "view=readable")).text).toBe(
      `{"status":200,"data":{"id":${bigNumber},"title":1.10,"labels":"bug, help wanted"},"view":"readable"}`,
    );
    expect((await run("list", "view=readable")).json.data).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it("fields and pages are those of the view, and a result is read on in it", async () => {
    expect((await run("items", "view=readable&fields=items.name,id")).json.data.items[99]).toEqual({
      name: "Title 99",
    });
    const first = await run("items", "view=readable&max_chars=1000");
    const { result, pages } = first.json.cut;
    expect(first.json.view).toBe("readable");
    const items = [...first.json.data.items];
    for (let page = 2; page <= pages; page++) {
      const { json, text } = await skillett.call("GET", `/v1/results/${result}?max_chars=1000&page=${page}`);
      expect(json).toMatchObject({ view: "readable", cut: { page, pages } });
      expect(text).toContain(`"id":${bigNumber},"items":[`);
      items.push(...json.data.items);
    }
    const all = JSON.parse(list(100)) as { n: number; title: string }[];
    expect(items).toEqual(all.map(({ n, title }) => ({ n, name: title })));
  });

  it("an Idempotency-Key keeps the raw answer, of which each call has the view it asks for", async () => {
    const headers = { "idempotency-key": "view-1" };
    const asked = service.asked();
    expect((await run("message", "view=readable", headers)).json.data).toEqual(readMessage);
    const raw = await run("message", "", headers);
    expect(raw.headers.get("idempotency-replayed")).toBe("true");
    expect(raw.text).toBe(`{"status":200,"data":${rawBody("message")}}`);
    expect((await run("message", "view=auto", headers)).json.data).toEqual(readMessage);
    expect(service.asked()).toBe(asked + 1);
  });

  it("an error, text, and an answer with nothing that the view reads stay as they came", async () => {
    for (const [path, status] of [
      ["refused", 422],
      ["other", 200],
    ] as const)
      expect((await run(path, "view=readable")).text).toBe(`{"status":${status},"data":${rawBody(path)}}`);
    expect((await run("text", "view=readable")).json).toEqual({ status: 200, data: rawBody("text") });
    const large = await run("12mb", "view=readable");
    expect(large.json).toMatchObject({ status: 200, cut: { result: null } });
    expect(large.json.view).toBeUndefined();
  });

  it("a large message is read on another thread", async () => {
    const { json } = await run("large", "view=readable");
    expect(json.data.text.split("\n\n")).toHaveLength(12_000);
    expect(json.data.text.startsWith("A line of text.\n\nA line of text.")).toBe(true);
  });

  it("a view that is not there is refused with what there is, and nothing is sent", async () => {
    const asked = service.asked();
    const none = await skillett.call("POST", "/v1/odd/get_path?view=readable", {
      body: { params: { path: "json" } },
    });
    expect(none).toMatchObject({ status: 400, json: { issues: [{ at: "query.view" }] } });
    expect(none.json.message).toContain("odd get_path has no readable view");
    const unknown = await run("json", "view=short");
    expect(unknown).toMatchObject({ status: 400, json: { issues: [{ at: "query.view" }] } });
    expect(unknown.json.message).toContain("must be one of raw, readable, auto");
    expect(service.asked()).toBe(asked);
    const auto = await skillett.call("POST", "/v1/odd/get_path?view=auto", {
      body: { params: { path: "json" } },
    });
    expect(auto.text).toBe(`{"status":200,"data":${rawBody("json")}}`);
  });

  it("MCP gives the view where there is one, and the raw answer when that is asked for", async () => {
    expect((await runTool("message")).json).toEqual({ status: 200, data: readMessage, view: "readable" });
    expect((await runTool("message", { fields: "text" })).json.data).toEqual({ text: readMessage.text });
    expect((await runTool("message", { view: "raw" })).text).toContain('"mimeType":"multipart/alternative"');
    expect((await runTool("big")).text).toContain(`"id":${bigNumber},"title":1.10,"labels"`);
    expect(await runTool("refused")).toMatchObject({ isError: true, json: { data: { message: "no" } } });
    const plain = await tool({ integration: "odd", endpoint: "get_path", params: { path: "json" } });
    expect(plain.json).toEqual({ status: 200, data: { id: 1, name: "Octocat" } });
  });

  it("MCP reads a result on in its view, and refuses another one", async () => {
    const first = await runTool("large");
    expect(first.json.view).toBe("readable");
    const { resultId, pages } = first.json.cut;
    const next = await tool({ integration: "odd", endpoint: "read_path", resultId, page: pages });
    expect(next.json).toMatchObject({ view: "readable", cut: { page: pages } });
    const other = await tool({ integration: "odd", endpoint: "read_path", resultId, page: 2, view: "raw" });
    expect(other.isError).toBe(true);
    expect(other.text).toContain("read on in the view in which it was cut");
  });

  it("the page of an endpoint says which fields its view has", async () => {
    const { json } = await skillett.call("GET", "/v1/skills/odd/read_path");
    expect(json.views.readable).toEqual(
      expect.arrayContaining(["id", "labels", "items.name", "subject", "text"]),
    );
    const page = await skillett.call("GET", "/v1/skills/odd/read_path.md");
    expect(page.text).toContain("The view `readable` has `id`, `title`, `labels`, `items.n`, `items.name`");
    expect((await skillett.call("GET", "/v1/skills/odd/get_path")).json.views).toEqual({});
    const described = await client.call("integration_describe", {
      integration: "odd",
      endpoint: "read_path",
    });
    expect(JSON.parse(described.content[0]!.text).view).toEqual(json.views.readable);
  });
});

import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { publishSkills } from "#support/published-skills.js";
import { type Skillett, startSkillett } from "#support/skillett.js";
import { bigNumber, startLongAnswers } from "./long-answers.js";
import { program } from "./program.js";

/** What the server answers arrives behind `skillett mcp` as it is: bytes, digits, pages, refusals. */

const logo = Buffer.from([0, 255, 254, 13, 10, 128]);

describe.each(["auto", "legacy"] as const)("answers through skillett mcp (%s)", (mode) => {
  const cleanup = createCleanup();
  let skillett: Skillett;
  let client: Client;
  beforeAll(async () => {
    const service = await startLongAnswers();
    cleanup.add(service.close);
    skillett = await startSkillett("sqlite", { env: { SKILLETT_ODD_BASE_URL: service.url } });
    cleanup.add(skillett.close);
    client = new Client(
      { name: "test", version: "1" },
      mode === "auto" ? { versionNegotiation: { mode } } : {},
    );
    const env = { SKILLETT_URL: skillett.url, SKILLETT_API_KEY: skillett.key };
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [program, "mcp"], env, stderr: "pipe" }),
    );
    cleanup.add(() => client.close());
  });
  afterAll(() => cleanup.run());

  const run = async (args: Record<string, unknown>) => {
    const result = await client.callTool({ name: "integration_run", arguments: args });
    const [first] = result.content;
    const text = first?.type === "text" ? first.text : "";
    return { isError: result.isError ?? false, text, json: JSON.parse(text) };
  };
  const get = (path: string, more = {}) =>
    run({ integration: "odd", endpoint: "post_path", params: { path }, ...more });

  it("a refusal has the code, the next step and the link of the server", async () => {
    const { isError, json } = await get("json");
    expect(isError).toBe(true);
    expect(json).toMatchObject({ code: "integration_not_connected", next: [expect.any(String)] });
    expect(json.action_url).toBe(`${skillett.url}/dashboard/integrations`);
    await skillett.connect("odd");
    expect(await get("json")).toMatchObject({
      isError: false,
      json: { status: 200, data: { id: 1, name: "Octocat" } },
    });
  });

  it("a long answer is cut, and read on to the last digit", async () => {
    const { text, json } = await get("3mb");
    expect(text.length).toBeLessThan(50_000);
    const { resultId, pages } = json.cut;
    const last = await run({ integration: "odd", endpoint: "post_path", resultId, page: pages });
    expect(last.text).toContain(bigNumber);
  });

  it("an answer that has a name twice is given, with the last value of it", async () => {
    expect(await get("twice")).toMatchObject({
      isError: false,
      json: { status: 200, data: { id: 2, name: "Octocat" } },
    });
  });

  it("an answer comes in its readable view, to the last page, unless the raw one is asked for", async () => {
    const read = (path: string, more = {}) =>
      run({ integration: "odd", endpoint: "read_path", params: { path }, ...more });
    expect((await read("json")).json).toEqual({ status: 200, data: { id: 1 }, view: "readable" });
    expect((await read("json", { view: "raw" })).json.data).toEqual({ id: 1, name: "Octocat" });
    expect((await read("google", { fields: "items.name" })).json.data.items[99]).toEqual({
      name: "Title 99",
    });
    const described = await client.callTool({
      name: "integration_describe",
      arguments: { integration: "odd", endpoint: "read_path" },
    });
    expect(described.structuredContent).toMatchObject({ view: expect.arrayContaining(["items.name"]) });
  });

  it("arguments of 5 MB arrive, and what is too large for the server is refused", async () => {
    const padded = (size: number) => get("json", { params: { path: "json", text: "x".repeat(size) } });
    // It is the endpoint that has no such param.
    expect((await padded(5_000_000)).json).toMatchObject({ code: "bad_request" });
    expect(await padded(11_000_000)).toMatchObject({ isError: true, json: { code: "payload_too_large" } });
  });

  it("files of skills keep their bytes", async () => {
    const { tenant } = (await skillett.call("GET", "/v1/me")).json;
    const files = [{ path: "assets/große Marke.bin", bytes: logo }];
    await publishSkills(skillett.app.database, tenant.id, [
      { slug: "brand", description: "What we look like.", files },
    ]);
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(["skill://brand/SKILL.md"]);
    const uri = "skill://brand/assets/gro%C3%9Fe%20Marke.bin";
    const { contents } = await client.readResource({ uri });
    expect(contents).toMatchObject([{ uri, blob: logo.toString("base64") }]);
    for (const wrong of ["nothing.md", "a%2F..%2FSKILL.md", "%00", "assets"])
      await expect(client.readResource({ uri: `skill://brand/${wrong}` })).rejects.toMatchObject({
        code: -32602,
      });
  });
});

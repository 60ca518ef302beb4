import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "#cli/cli.js";
import { createCleanup } from "#support/cleanup.js";
import { createTestHost } from "#support/cli.js";
import { usePostgres } from "#support/postgres.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { insertAgent } from "#support/world.js";
import { connectMcp } from "../mcp/mcp-clients.js";
import { newcomer } from "./sandbox-newcomer.js";

/** Who resets the sandbox, what it bears, and by which ways it is reached. */

onEachEngine("the edges of the sandbox", (engine) => {
  const cleanup = createCleanup();
  let skillett: Skillett;
  beforeAll(async () => {
    skillett = await startSkillett(engine);
    cleanup.add(skillett.close);
  });
  afterAll(() => cleanup.run());

  async function cli(key: string, ...args: string[]) {
    const { host, output } = createTestHost({ env: { SKILLETT_URL: skillett.url, SKILLETT_API_KEY: key } });
    return { code: await runCli(args, host), ...output };
  }

  it("a reset puts everything back, for one tenant", async () => {
    const [one, other] = [await newcomer(skillett), await newcomer(skillett)];
    for (const { call } of [one, other]) await call("create_issue", { title: "Mine" });
    await one.call("delete_issue", { number: 1 });
    for (let i = 0; i < 6; i++) await one.call("export_issues");
    const { code, stdout } = await cli(one.key, "sandbox", "reset");
    expect([code, stdout]).toEqual([0, '{"status":"reset"}\n']);
    expect((await one.call("get_issue", { number: 1 })).json.status).toBe(200);
    expect((await one.call("get_issue", { number: 26 })).json.status).toBe(404);
    expect((await one.call("create_issue", { title: "Anew" })).json.data.number).toBe(26);
    expect((await one.call("export_issues")).json.status).toBe(200);
    expect((await other.call("get_issue", { number: 26 })).json.data.title).toBe("Mine");
  });

  it.each([
    [["*"], 204],
    [["sandbox"], 204],
    [["sandbox:read", "sandbox:write"], 403],
    [["sandbox.delete_issue"], 403],
    [["github"], 403],
  ])("a key with the scopes %j gets %i for a reset", async (scopes, status) => {
    const { key } = await newcomer(skillett);
    const made = await skillett.call("POST", "/api-keys", { key, body: { name: "narrow", scopes } });
    const reply = await skillett.call("DELETE", "/v1/sandbox", { key: made.json.full_key });
    expect(reply.status).toBe(status);
    if (status === 403) expect(reply.json.error).toBe("scope_not_allowed");
  });

  it("the key that an agent gets by itself reads the sandbox, and writes nothing", async () => {
    const person = await newcomer(skillett);
    const { agentId } = await insertAgent(skillett.app.database, person, "triage");
    const body = { name: "of the agent", agent_id: agentId };
    const { full_key } = (await skillett.call("POST", "/api-keys", { key: person.key, body })).json;
    const call = person.callAt(skillett, full_key);
    expect((await call("list_issues")).json.status).toBe(200);
    expect((await call("create_issue", { title: "x" })).json.error).toBe("scope_not_allowed");
  });

  it.each([
    ["NUL", "a\u0000b"],
    ["an emoji", "👩‍👩‍👧‍👦"],
    ["markup", "<script>alert(1)</script>"],
    ["SQL", "'; drop table sandbox_records; --"],
    ["a name of JavaScript", "__proto__"],
  ])("text with %s comes back as it was", async (_, text) => {
    const { call } = await newcomer(skillett);
    await call("create_issue", { title: text, body: text, labels: [text] });
    const { json } = await call("get_issue", { number: 26 });
    expect(json.data).toMatchObject({ title: text, body: text, labels: [text] });
    expect((await call("post_message", { channel: text, text })).json.refused.message).toBe(
      "channel_not_found",
    );
    // A query takes no control characters, and says so.
    for (const params of [{ q: text }, { labels: [text] }]) {
      const listed = await call("list_issues", params);
      if (text.includes("\0")) expect(listed.json.error).toBe("bad_request");
      else expect(listed.json.data.issues).toEqual([expect.objectContaining({ number: 26 })]);
    }
  });

  it("params that are too long or out of range are refused before anything is sent", async () => {
    const { call } = await newcomer(skillett);
    const refused = [
      await call("create_issue", { title: "x".repeat(201) }),
      await call("create_issue", { title: "x", body: "x".repeat(1_000_000) }),
      await call("create_issue", { title: "" }),
      await call("create_issue", { title: "half \ud800" }),
      await call("create_issue", { title: "x", assignee: "nobody" }),
      await call("get_issue", { number: 10_000_000_000 }),
      await call("send_mail", { to: ["no address"], subject: "x", text: "x" }),
      await call("try_failure", { status: 401 }),
      await call("add_reaction", { message: 1, emoji: ":tada:" }),
    ];
    expect(refused.map(({ status, json }) => [status, json.error])).toEqual(
      refused.map(() => [400, "bad_request"]),
    );
  });

  const day = "2026-11-26T09:00:00Z";
  it.each([
    ["a leap second", "1990-12-31T23:59:60Z"],
    ["a year of no use", "9999-12-31T23:59:59-12:00"],
    ["a year before all clocks", "0000-01-01T00:00:00Z"],
  ])("a time with %s is refused by every endpoint that takes one", async (_, time) => {
    const { call } = await newcomer(skillett);
    const replies = [
      await call("list_events", { from: time }),
      await call("list_events", { to: time }),
      await call("find_free_times", { from: time }),
      await call("find_free_times", { to: time }),
      await call("create_event", { title: "x", start: time, end: day }),
      await call("create_event", { title: "x", start: day, end: time }),
      await call("update_event", { id: 1, start: time }),
      await call("update_event", { id: 1, end: time }),
    ];
    expect(replies.map(({ json }) => [json.status, json.data.error.code])).toEqual(
      replies.map(() => [422, "invalid"]),
    );
  });

  it("a full sandbox refuses more until something is deleted", async () => {
    const { call } = await newcomer(skillett);
    const text = "x".repeat(20_000);
    const make = () => call("create_issue", { title: "Large", body: text });
    const first = (await make()).json.data.number;
    let last = await make();
    for (let i = 0; i < 60 && last.json.status === 201; i++) last = await make();
    expect(last.json).toMatchObject({ status: 422, data: { error: { code: "sandbox_full" } } });
    expect((await call("list_issues", { q: "xxx", per_page: 100 })).json.data.total).toBeLessThan(51);
    await call("delete_issue", { number: first });
    expect((await make()).json.status).toBe(201);
  });

  it("skillett run reaches it, and says of a refusal with HTTP 200 that it is one", async () => {
    const { key } = await newcomer(skillett);
    const listed = await cli(
      key,
      "run",
      "sandbox",
      "list_issues",
      "--per_page",
      "1",
      "--fields",
      "issues.number",
    );
    expect([listed.code, listed.stdout]).toEqual([
      0,
      '{"status":200,"data":{"issues":[{"number":25}]},"page":{"next":{"page":2}}}\n',
    ]);
    const all = await cli(key, "run", "sandbox", "list_issues", "--all", "--fields", "number");
    expect(all.stdout.split("\n")).toHaveLength(22);
    const refused = await cli(key, "run", "sandbox", "list_messages", "--channel", "general");
    expect(refused.code).toBe(1);
  });

  it("commands of its SKILL.md do what they are there for", async () => {
    const { key } = await newcomer(skillett);
    const text = readFileSync(new URL("../../integrations/sandbox/SKILL.md", import.meta.url), "utf8");
    const lines = text.replaceAll("\\\n", "").match(/^skillett run .*$/gm) ?? [];
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) {
      const [, ...words] = line.replace(/ +#.*/, "").match(/"[^"]*"|\S+/g) ?? [];
      const { code, stderr } = await cli(key, ...words.map((word) => word.replaceAll('"', "")));
      expect([line, code, stderr]).toEqual([line, 0, ""]);
    }
  });

  it("a client of MCP finds it by its name, and calls it", async () => {
    const { key } = await newcomer(skillett);
    const client = await connectMcp(skillett.url, key, "client 2.x, 2026");
    cleanup.add(client.close);
    const found = await client.call("integration_search", { query: "create an issue in the sandbox" });
    expect(found.structuredContent.endpoints[0]).toMatchObject({
      integration: "sandbox",
      endpoint: "create_issue",
    });
    const run = (endpoint: string, params: object) =>
      client.call("integration_run", { integration: "sandbox", endpoint, params });
    const made = await run("create_issue", { title: "By MCP" });
    expect(made.structuredContent).toMatchObject({ status: 201, data: { number: 26 } });
    const refused = await run("list_messages", { channel: "general" });
    expect(refused).toMatchObject({ isError: true });
  });

  it("questions that do not name it lead elsewhere", async () => {
    const { key } = await newcomer(skillett);
    const integrationsOf = async (q: string) => {
      const { json } = await skillett.call("GET", `/v1/skills?q=${encodeURIComponent(q)}`, { key });
      const { integrations, endpoints } = json as Record<string, { slug: string; integration: string }[]>;
      return [...integrations!.map((it) => it.slug), ...endpoints!.map((it) => it.integration)];
    };
    for (const q of ["create an issue", "send a mail", "issues mail calendar chat", "try everything"]) {
      expect(await integrationsOf(q), q).not.toContain("sandbox");
    }
    expect((await integrationsOf("sandbox"))[0]).toBe("sandbox");
    const within = await skillett.call("GET", "/v1/skills/sandbox?q=run%20into%20a%20limit", { key });
    expect(within.json.endpoints[0].name).toBe("export_issues");
  });
});

it("no address can be put in place of what is inside", async () => {
  const start = startSkillett("sqlite", { env: { SKILLETT_SANDBOX_BASE_URL: "https://evil.example" } });
  await expect(start).rejects.toThrow("base URL of sandbox: the service is part of this program");
});

describe.skipIf(!process.env.SKILLETT_TEST_DATABASE_URL)("the sandbox on two servers", () => {
  const cleanup = createCleanup();
  afterAll(() => cleanup.run());

  it("two servers give out each number once, also at the first use, and bear a reset meanwhile", async () => {
    const database = (await usePostgres())!;
    cleanup.add(database.drop);
    const servers: Skillett[] = [];
    for (let i = 0; i < 2; i++) {
      const server = await startSkillett("postgres", { databaseUrl: database.url });
      cleanup.add(server.close);
      servers.push(server);
    }
    const { key, callAt } = await newcomer(servers[0]!);
    const makeAt = (i: number) => callAt(servers[i % 2]!)("create_issue", { title: `Issue ${i}` });
    const made = await Promise.all(Array.from({ length: 30 }, (_, i) => makeAt(i)));
    const numbers = made.map(({ json }) => json.data.number).sort((a, b) => a - b);
    expect(numbers).toEqual(made.map((_, i) => 26 + i));
    const list = await callAt(servers[1]!)("list_issues", { state: "all" });
    expect(list.json.data.total).toBe(55);

    const reset = servers[0]!.call("DELETE", "/v1/sandbox", { key });
    const meanwhile = await Promise.all(Array.from({ length: 10 }, (_, i) => makeAt(i)));
    expect((await reset).status).toBe(204);
    expect(meanwhile.map(({ json }) => json.status)).toEqual(meanwhile.map(() => 201));
  });
});

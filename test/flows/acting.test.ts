import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, expect, it } from "vitest";
import { accountOf } from "#core/account-header.js";
import { createCleanup } from "#support/cleanup.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { connectMcp } from "../mcp/mcp-clients.js";
import { startLongAnswers } from "./long-answers.js";
import { program, runSkillett } from "./program.js";

/** Whose account a call was sent with is told wherever its answer is, and stays in the log. */

const account = 'Żółw 100% "q"\u202e🐙';

onEachEngine("the account of a call", (engine) => {
  const cleanup = createCleanup();
  let skillett: Skillett;
  let stdio: Client;
  beforeAll(async () => {
    const service = await startLongAnswers();
    cleanup.add(service.close);
    skillett = await startSkillett(engine, { env: { SKILLETT_ODD_BASE_URL: service.url } });
    cleanup.add(skillett.close);
    const id = await skillett.connect("odd");
    await skillett.app.database.kysely
      .updateTable("connections")
      .set({ account })
      .where("id", "=", id)
      .execute();
    stdio = new Client({ name: "test", version: "1" });
    await stdio.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [program, "mcp"],
        env: env(),
        stderr: "pipe",
      }),
    );
    cleanup.add(() => stdio.close());
  });
  afterAll(() => cleanup.run());

  const env = () => ({ SKILLETT_URL: skillett.url, SKILLETT_API_KEY: skillett.key });
  const run = (path: string, query = "", headers: Record<string, string> = {}): Promise<Reply> =>
    skillett.call("POST", `/v1/odd/post_path${query}`, { body: { params: { path } }, headers });
  const headerOf = ({ headers }: Reply) => accountOf(Object.fromEntries(headers));
  const tool = {
    name: "integration_run",
    arguments: { integration: "odd", endpoint: "post_path", params: { path: "json" } },
  };
  const newest = async () => (await skillett.call("GET", "/v1/calls?limit=1")).json.calls[0];

  it.each([
    ["an answer", "json", ""],
    ["a refusal of the service", "refused", ""],
    ["an answer that streams", "12mb", ""],
    ["an answer that is cut", "list", "?max_chars=1000"],
    ["a dry run", "json", "?dry_run=true"],
  ])("the account of the call is in a header of %s", async (_, path, query) => {
    const reply = await run(path, query);
    expect([reply.status, headerOf(reply)]).toEqual([200, account]);
    expect(reply.headers.get("skillett-account")).toMatch(/^[\x21-\x7e]+$/);
  });

  it("a kept answer names the account as it was called at the first call", async () => {
    const key = { "idempotency-key": "once" };
    await run("json", "", key);
    const { kysely } = skillett.app.database;
    await kysely.updateTable("connections").set({ account: "somebody else" }).execute();
    const again = await run("json", "", key);
    await kysely.updateTable("connections").set({ account }).execute();
    expect([again.headers.get("idempotency-replayed"), headerOf(again)]).toEqual(["true", account]);
  });

  it("a result over MCP has the account in _meta, and the log has it with its face", async () => {
    const client = await connectMcp(skillett.url, skillett.key, "client 2.x, 2026");
    cleanup.add(() => client.close());
    const answers = [await client.ask("tools/call", tool), await stdio.callTool(tool)];
    for (const answer of answers) expect(answer, JSON.stringify(answer)).not.toMatchObject({ isError: true });
    for (const answer of answers) expect(answer._meta).toMatchObject({ "skillett/account": account });
    const { calls } = (await skillett.call("GET", "/v1/calls?limit=2")).json;
    expect(calls).toHaveLength(2);
    for (const call of calls)
      expect(call).toMatchObject({ account, face: "mcp", effect: "write", integration: "odd" });
  });

  it("the CLI names the account on stderr, where no character of it reorders the line", async () => {
    for (const more of [[], ["--dry-run"]]) {
      const ended = await runSkillett(["run", "odd", "post_path", "--path", "json", ...more], { env: env() });
      expect([ended.code, ended.stderr]).toEqual([0, `Account: ${account.replace("\u202e", "\ufffd")}\n`]);
      JSON.parse(ended.stdout);
    }
    expect(await newest()).toMatchObject({ account, face: "cli" });
    expect((await runSkillett(["calls", "--limit", "1"], { env: env() })).stdout).toContain(
      JSON.stringify(account),
    );
  });

  it("the log keeps the account after its connection is deleted, and has none for a call without one", async () => {
    await run("json");
    const { id, connection_id } = await newest();
    expect((await skillett.call("DELETE", `/v1/connections/${connection_id}`)).status).toBeLessThan(300);
    expect((await newest()).id).toBe(id);
    expect(await newest()).toMatchObject({ account, face: "rest" });
    const refused = await run("json");
    expect([refused.json.error, headerOf(refused)]).toEqual(["integration_not_connected", undefined]);
    expect(await newest()).toMatchObject({ account: null, status: "refused" });
  });
});

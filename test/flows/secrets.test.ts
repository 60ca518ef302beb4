import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDatabase } from "#store/engine/open.js";
import { unwrap } from "#store/vault/data-keys.js";
import { parseMasterKey } from "#store/vault/master-key.js";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import type { ReadyProcess } from "#support/ready-process.js";
import { onEachEngine } from "#support/skillett.js";
import { spellings } from "#support/spellings.js";
import { createSite, type Site } from "./program.js";

/** After a busy day the secrets are nowhere: not in a log, an answer, a database file or a command line. */
onEachEngine("secrets", (engine) => {
  let github: GithubStandIn;
  let site: Site;
  let server: ReadyProcess;
  /** By what it is. */
  const secrets: Record<string, string> = {};
  /** What these are sealed with. */
  const keys: Record<string, Buffer> = {};
  const answers: string[] = [];
  const commandLines = new Set<string>();

  beforeAll(async () => {
    github = await startGithub();
    const everything = { SKILLETT_GITHUB_BASE_URL: github.url, SKILLETT_LOG_LEVEL: "trace" };
    site = await createSite(engine, everything);
    server = await site.up();
    secrets.token = github.mintToken();
    secrets["other token"] = github.mintToken("hubot");
    secrets["wrong token"] = "ghp_wrong0123456789wrong";
    secrets["owner's key"] = await site.key();
    secrets["claim token"] = /claim\?token=([\w-]+)/.exec(server.stderr())![1]!;
    secrets.password = "correct horse battery";
    await busyDay();
  });
  afterAll(async () => {
    await site?.close();
    await github?.close();
  });

  async function cli(args: string[], input = ""): Promise<void> {
    const running = site.cli(args, input);
    const noted = noteCommandLines();
    const { stdout, stderr } = await running;
    await noted;
    answers.push(stdout, stderr);
  }

  async function call(...given: Parameters<Site["call"]>) {
    const { text, headers, json } = await site.call(...given);
    answers.push(text, JSON.stringify([...headers]));
    return json;
  }

  /** What anybody on this machine may read of us while a command runs. */
  async function noteCommandLines(): Promise<void> {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        if (line.includes("skillett")) commandLines.add(line);
      } catch {
        // It has ended meanwhile.
      }
    }
  }

  async function busyDay(): Promise<void> {
    await cli(["connect", "github", "--token", "-"], secrets.token);
    await cli(["connect", "github", "--token", "-"], secrets["wrong token"]);
    const credentials = { token: secrets["other token"] };
    await call("POST", "/v1/connect", { integration: "github", credentials });
    await call("POST", "/v1/connect", {
      integration: "github",
      credentials: { tokn: secrets["wrong token"] },
    });
    const { full_key } = (await site.call("POST", "/api-keys", { name: "agent" })).json;
    secrets["new key"] = full_key;

    const me = "/v1/github/get_authenticated_user";
    await cli(["run", "github", "get_authenticated_user"]);
    await cli(["run", "github", "get_authenticated_user", "--dry-run"]);
    await call("POST", me, {}, { "idempotency-key": "one" });
    await call("POST", me, {}, { "idempotency-key": "one" });
    for (const fault of ["reset", "reset", "reset", { status: 401 }, { status: 500 }] as const) {
      github.failNext(fault);
      await call("POST", me, {});
    }
    const echoed = { status: 422, body: { message: `bad ${secrets.token}`, token: secrets.token } };
    github.failNext(echoed);
    await call("POST", me, {});
    await call("POST", me, "{broken");
    await call("GET", `/v1/skills/${secrets["wrong token"]}`);
    for (const at of ["/v1/skills", "/v1/connections", "/api-keys", "/v1/calls", "/v1/usage", "/metrics"])
      await call("GET", at);
    for (const command of ["doctor", "connections", "calls", "usage"]) await cli([command]);
    await readByAddress();
    await call("GET", `/claim?token=${secrets["claim token"]}wrong`);
    await site.call("POST", "/claim", {
      token: secrets["claim token"],
      email: "ada@example.com",
      display_name: "Ada",
      password: secrets.password,
    });
    await call("GET", `/claim?token=${secrets["claim token"]}`);
    const [{ id }] = (await site.call("GET", "/v1/connections")).json.connections;
    await call("DELETE", `/v1/connections/${id}`);
    await cli(["admin", "rotate-keys"]);
  }

  /** The master key, and the data keys that it opens: once the server has let go of the database. */
  async function noteKeys(): Promise<void> {
    const directory = site.env.SKILLETT_DATA_DIR!;
    const masterKey = parseMasterKey(
      site.env.SKILLETT_MASTER_KEY ?? readFileSync(path.join(directory, "master.key"), "utf8").trim(),
    )!;
    keys["master key"] = masterKey;
    const database = await openDatabase({ url: site.databaseUrl, directory });
    const rows = await database.kysely.selectFrom("data_keys").selectAll().execute();
    await database.close();
    for (const row of rows) keys[`data key ${row.id}`] = unwrap(masterKey, row)!;
    expect(rows.length).toBeGreaterThan(1);
  }

  /** The address is shown once, at its making; what installers then ask for may be odd. */
  async function readByAddress(): Promise<void> {
    await call("POST", "/v1/agents", { name: "reader" });
    const { json } = await site.call("POST", "/v1/agents/reader/addresses", { name: "installer" });
    secrets.address = json.url.split("/").at(-1);
    const at = `/s/${secrets.address}`;
    for (const path of [
      ...["skills/index.json", "skills/%", "skills/%2e%2e/SKILL.md", "skills/nothing/SKILL.md"],
      ...["agent-skills/nothing.tar.gz", "agent-skills/x.zip", `agent-skills/x/y?digest=z`, "x".repeat(3000)],
    ])
      await call("GET", `${at}/.well-known/${path}`);
    await call("GET", `${at}x/.well-known/skills/index.json`);
    await call("DELETE", `/v1/agents/reader/addresses/${json.address.id}`);
    await call("GET", `${at}/.well-known/skills/index.json`);
    await call("GET", "/v1/agents/reader/addresses");
    await call("GET", "/metrics");
    await cli(["agents", "addresses", "list", "reader"]);
  }

  /** What a person typed themselves may be said back: a wrong name in the path. */
  const found = (text: string, kinds: string[]) =>
    kinds.filter((kind) => spellings((secrets[kind] ?? keys[kind])!).some((one) => text.includes(one)));
  const everyKind = () => [...Object.keys(secrets), ...Object.keys(keys)];

  it("no answer has a secret in it", () => {
    expect(answers.length).toBeGreaterThan(30);
    const kinds = everyKind().filter((kind) => kind !== "wrong token");
    expect(found(answers.join("\n"), kinds)).toEqual([]);
  });

  it("the log has no secret in it but the claim link, which is for the operator", () => {
    const log = server.stderr();
    expect(log).toContain("/claim?token=");
    expect(found(log.replace(/claim\?token=\S+/, ""), everyKind())).toEqual([]);
  });

  it("no command line has a secret in it", () => {
    expect(commandLines.size).toBeGreaterThan(2);
    expect(found([...commandLines].join("\n"), everyKind())).toEqual([]);
  });

  it("the database has no secret in the clear, while the server runs and after, and no key that seals them", async () => {
    const running = await databaseBytes();
    await server.stop();
    const stopped = await databaseBytes();
    await noteKeys();
    const shown = [...answers, server.stderr(), ...commandLines].join("\n");
    expect(found(shown, Object.keys(keys))).toEqual([]);
    for (const bytes of [running, stopped]) {
      expect(bytes).toContain("github");
      expect(found(bytes, everyKind())).toEqual([]);
    }
  });

  async function databaseBytes(): Promise<string> {
    if (site.databaseUrl) return dumpPostgres(site.databaseUrl);
    const directory = site.env.SKILLETT_DATA_DIR!;
    const files = readdirSync(directory).filter((name) => name.startsWith("skillett.db"));
    return files.map((name) => readFileSync(path.join(directory, name), "latin1")).join("\n");
  }
});

async function dumpPostgres(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query("select tablename from pg_tables where schemaname = 'public'");
  const tables: string[] = [];
  for (const { tablename } of rows) {
    const { rows: content } = await client.query(`select t::text as row from "${tablename}" as t`);
    tables.push(...content.map(({ row }) => row));
  }
  await client.end();
  return tables.join("\n");
}

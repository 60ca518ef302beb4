import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import LibSql from "libsql";
import pg from "pg";
import { afterEach, describe, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { onEachEngine } from "#support/skillett.js";
import { createSite, type Ended, runSkillett, type Site } from "./program.js";

/** A server that cannot start says why in one clear sentence, ends, and leaves everything as it was. */

let cleanup = createCleanup();
afterEach(async () => {
  await cleanup.run();
  cleanup = createCleanup();
});

async function newSite(engine: "sqlite" | "postgres" = "sqlite", env: Record<string, string> = {}) {
  const site = await createSite(engine, env);
  cleanup.add(site.close);
  return site;
}

const up = (site: Site, env: Record<string, string> = {}, ...flags: string[]) =>
  runSkillett(["up", "--port", "0", ...flags], { env: { ...site.env, ...env }, cwd: site.directory });

function expectRefused({ code, stdout, stderr }: Ended, ...sentences: string[]): void {
  expect(code, stderr).toBe(1);
  expect(stdout).toBe("");
  for (const sentence of sentences) expect(stderr).toContain(sentence);
  // A sentence, not a stack.
  expect(stderr).not.toMatch(/\n\s+at |Error:|node_modules/);
  expect(stderr.trim().split("\n")).toHaveLength(sentences.length);
}

/** Starts it once and stops it: there is an owner, a key and a database. */
async function usedSite(engine: "sqlite" | "postgres" = "sqlite"): Promise<Site> {
  const site = await newSite(engine);
  const server = await site.up();
  await server.stop();
  return site;
}

const works = async (site: Site) => {
  await site.up();
  expect((await site.call("GET", "/v1/usage")).status).toBe(200);
};

describe("a server that cannot start", () => {
  it("a server whose folder is in use does not start", async () => {
    const site = await newSite();
    await site.up();
    expectRefused(await up(site), `Another Skillett is already running on ${site.env.SKILLETT_DATA_DIR}`);
    expect((await site.call("GET", "/v1/usage")).status).toBe(200);
  });

  it("a server whose port is taken does not start, and has not used up its first start", async () => {
    const [first, second] = [await newSite(), await newSite()];
    const { port } = new URL((await first.up()).url);
    const refused = await runSkillett(["up", "--port", port], { env: second.env });
    expectRefused(refused, `Port ${port} on 127.0.0.1 is taken. Choose another with --port`);
    // It has not used up the first start.
    await works(second);
  });

  it("a server whose address belongs to another machine does not start", async () => {
    expectRefused(
      await up(await newSite(), {}, "--host", "192.0.2.1"),
      "192.0.2.1 is no address of this machine",
    );
  });

  it("a server with several wrong settings does not start, and names them all", async () => {
    const site = await newSite();
    const env = {
      SKILLETT_MASTER_KEY: "short",
      SKILLETT_PUBLIC_URL: "skills.example.com",
      SKILLETT_UPSTREAM_TIMEOUT_SECONDS: "soon",
      SKILLETT_LOG_LEVEL: "loud",
      SKILLETT_GITHUB_BASE_URL: "ftp://github.example.com",
    };
    const refused = await up(site, env);
    expectRefused(
      refused,
      "SKILLETT_MASTER_KEY must be 32 bytes",
      "SKILLETT_PUBLIC_URL must look like",
      "SKILLETT_UPSTREAM_TIMEOUT_SECONDS must be a number of seconds from 1 to 600",
      "SKILLETT_LOG_LEVEL must be one of trace, debug",
      "SKILLETT_GITHUB_BASE_URL must look like",
    );
    await expect(readdir(site.env.SKILLETT_DATA_DIR!)).rejects.toThrow("ENOENT");
  });

  it("a server on PostgreSQL without a master key does not start", async () => {
    const site = await newSite();
    const refused = await up(site, { DATABASE_URL: "postgres://127.0.0.1:1/skillett" });
    expectRefused(refused, "SKILLETT_MASTER_KEY must be set beside DATABASE_URL");
  });

  const masterKey = { SKILLETT_MASTER_KEY: "ab".repeat(32) };
  const secret = "hunter2hunter2";

  it("a server with a DATABASE_URL that is none does not start, and does not show it", async () => {
    const refused = await up(await newSite(), {
      ...masterKey,
      DATABASE_URL: `mysql://root:${secret}@db/skillett`,
    });
    expectRefused(refused, "DATABASE_URL must look like postgres://");
    expect(refused.stderr).not.toContain(secret);
  });

  it("a server whose PostgreSQL is not there does not start, and does not show the password", async () => {
    const env = { ...masterKey, DATABASE_URL: `postgres://me:${secret}@127.0.0.1:1/skillett` };
    const refused = await up(await newSite(), env);
    expectRefused(refused, "PostgreSQL cannot be used: nothing listens there");
    expect(refused.stderr).not.toContain(secret);
  });

  it("a server with a broken integration does not start, and names the file", async () => {
    const site = await newSite();
    await mkdir(path.join(site.directory, "mine/broken"), { recursive: true });
    await writeFile(path.join(site.directory, "mine/broken/integration.yaml"), "name: [");
    const { code, stderr } = await up(site, { SKILLETT_INTEGRATIONS_DIR: path.join(site.directory, "mine") });
    expect(code).toBe(1);
    expect(stderr).toContain("broken/integration.yaml");
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("a server with a wrong .env does not start, and the environment goes before .env", async () => {
    const site = await newSite();
    await writeFile(path.join(site.directory, ".env"), "SKILLETT_LOG_LEVEL=loud\n");
    expectRefused(await up(site), "SKILLETT_LOG_LEVEL must be one of");
    const quiet = await up(site, { SKILLETT_LOG_LEVEL: "warn" }, "--host", "192.0.2.1");
    expect(quiet.stderr, "the environment goes before .env").toContain("no address of this machine");
  });

  it("a server whose master key is missing does not start, and makes no new one", async () => {
    const site = await usedSite();
    const file = path.join(site.env.SKILLETT_DATA_DIR!, "master.key");
    const key = await readFile(file);
    await rm(file);
    expectRefused(await up(site), `The master key ${file} is gone`);
    await expect(readFile(file)).rejects.toThrow("ENOENT");
    await writeFile(file, key);
    await chmod(file, 0o600);
    await works(site);
  });
});

onEachEngine("a server that cannot start on this database", (engine) => {
  it("a server with another master key, or with a newer database, does not start", async () => {
    const site = await usedSite(engine);
    expectRefused(await up(site, { SKILLETT_MASTER_KEY: "cd".repeat(32) }), "The master key is not the one");
    await run(site, "insert into kysely_migration (name, timestamp) values ('9999-later', 'now')");
    expectRefused(
      await up(site),
      "The database was written by a newer Skillett (it has migration 9999-later)",
    );
    await run(site, "delete from kysely_migration where name = '9999-later'");
    await works(site);
  });
});

describe.skipIf(!process.env.SKILLETT_TEST_DATABASE_URL)("refusals of PostgreSQL", () => {
  it("a server with a wrong password for PostgreSQL does not start, and does not show it", async () => {
    const site = await newSite("postgres");
    const url = new URL(site.databaseUrl!);
    url.password = "hunter2hunter2";
    const refused = await up(site, { DATABASE_URL: url.href });
    expectRefused(refused, "PostgreSQL cannot be used: password authentication failed");
    expect(refused.stderr).not.toContain("hunter2hunter2");
  });

  it("a server whose database is not there does not start", async () => {
    const site = await newSite("postgres");
    const url = new URL(site.databaseUrl!);
    url.pathname = "/nowhere";
    expectRefused(
      await up(site, { DATABASE_URL: url.href }),
      'PostgreSQL cannot be used: database "nowhere" does not',
    );
  });
});

async function run({ databaseUrl, env }: Site, statement: string): Promise<void> {
  if (databaseUrl) {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(statement);
    await client.end();
    return;
  }
  const database = new LibSql(path.join(env.SKILLETT_DATA_DIR!, "skillett.db"));
  database.exec(statement);
  database.close();
}

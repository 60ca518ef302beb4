import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Migrator, sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readConfig } from "#main/config.js";
import { prepareStore } from "#main/prepare-store.js";
import type { Database } from "#store/engine/database.js";
import { openDatabase } from "#store/engine/open.js";
import { migrate } from "#store/migrate.js";
import * as first from "#store/schema/migrations/0001-first.js";
import * as connecting from "#store/schema/migrations/0002-connecting.js";
import * as people from "#store/schema/migrations/0003-people.js";
import * as skills from "#store/schema/migrations/0004-skills.js";
import * as listings from "#store/schema/migrations/0005-tasks-and-listings.js";
import * as results from "#store/schema/migrations/0006-results.js";
import * as oauth from "#store/schema/migrations/0007-oauth.js";
import * as calls from "#store/schema/migrations/0008-calls.js";
import * as keys from "#store/schema/migrations/0009-keys.js";
import * as sources from "#store/schema/migrations/0010-sources.js";
import * as storage from "#store/schema/migrations/0011-storage.js";
import { usePostgres } from "#support/postgres.js";
import { onEachEngine } from "#support/skillett.js";

const older = {
  ...{ "0001-first": first, "0002-connecting": connecting, "0003-people": people, "0004-skills": skills },
  ...{ "0005-tasks-and-listings": listings, "0006-results": results, "0007-oauth": oauth },
  ...{ "0008-calls": calls, "0009-keys": keys, "0010-sources": sources, "0011-storage": storage },
};

onEachEngine("versions of skills from before their rows had facts", (engine) => {
  const directory = mkdtempSync(path.join(tmpdir(), "skillett-facts-"));
  let postgres: Awaited<ReturnType<typeof usePostgres>>;
  let database: Database;
  beforeAll(async () => {
    postgres = engine === "postgres" ? await usePostgres() : undefined;
    database = await openDatabase({ url: postgres?.url, directory });
    const provider = { getMigrations: async () => older };
    expect(await new Migrator({ db: database.kysely, provider }).migrateToLatest()).not.toHaveProperty(
      "error",
    );
    await sql`insert into tenants (id, name, created_at) values ('a', 'A', 1), ('b', 'B', 1)`.execute(
      database.kysely,
    );
  });
  afterAll(async () => {
    await database?.close();
    await postgres?.drop();
    rmSync(directory, { recursive: true, force: true });
  });

  async function addSkill(tenant: string, id: string): Promise<void> {
    await sql`insert into skills (tenant_id, id, slug, name, description, category, tool_ids, config, status, source,
        current_version, created_by, created_at, updated_at)
      values (${tenant}, ${id}, ${id}, ${`${id} of the row`}, 'Of the row.', 'row', '["of.row"]', '{}', 'active',
        'custom', '1.0.0', 'p', 1, 1)`.execute(database.kysely);
  }
  async function addVersion(tenant: string, skill: string, version: string, file?: [string, Buffer]) {
    await sql`insert into skill_versions (tenant_id, skill_id, version, digest, created_by, created_at)
      values (${tenant}, ${skill}, ${version}, 'd', 'p', 1)`.execute(database.kysely);
    if (!file) return;
    const digest = `${skill} ${version}`;
    await sql`insert into skill_blobs (tenant_id, digest, bytes, size)
      values (${tenant}, ${digest}, ${file[1]}, 1)`.execute(database.kysely);
    await sql`insert into skill_files (tenant_id, skill_id, version, path, digest, size, is_executable)
      values (${tenant}, ${skill}, ${version}, ${file[0]}, ${digest}, 1, 0)`.execute(database.kysely);
  }
  const skillMd = (...lines: string[]) => Buffer.from(["---", ...lines, "---", "", "Do it.", ""].join("\n"));
  const facts = async (tenant: string, skill: string) => {
    const { rows } = await sql<
      Record<string, unknown>
    >`select version, name, description, category, tool_ids, author,
        metadata_version, front_matter
      from skill_versions where tenant_id = ${tenant} and skill_id = ${skill} order by version`.execute(
      database.kysely,
    );
    return rows;
  };

  const versions = async () => (await sql`select * from skill_versions`.execute(database.kysely)).rows;

  it("a migration that is broken off leaves the versions as they were", async () => {
    await addSkill("a", "cut");
    for (const version of ["1.0.0", "2.0.0"])
      await addVersion("a", "cut", version, ["SKILL.md", skillMd("name: cut", "description: Cut.")]);
    const before = await versions();
    let reads = 0;
    const readHalf = () => {
      if (reads++ > 0) throw new Error("power cut");
      return null;
    };
    await expect(migrate(database, readHalf)).rejects.toThrow("power cut");
    expect(reads).toBe(2);
    expect(await versions()).toEqual(before);
  });

  it("facts are read from each version, and taken from the skill where that cannot be", async () => {
    for (const [tenant, id] of [
      ...([
        ["a", "notes"],
        ["a", "lower"],
        ["a", "odd"],
        ["a", "many"],
        ["b", "notes"],
      ] as const),
    ])
      await addSkill(tenant, id);
    await addVersion("a", "notes", "1.0.0", [
      "SKILL.md",
      skillMd("name: notes", "description: Old.", "metadata:", "  author: Ada", '  version: "0.9"'),
    ]);
    await addVersion("a", "notes", "2.0.0", [
      "SKILL.md",
      skillMd("name: notes", "description: New.", "metadata:", "  skillett-endpoints: github.get_repo"),
    ]);
    await addVersion("b", "notes", "1.0.0", ["SKILL.md", skillMd("name: notes", "description: Theirs.")]);
    await addVersion("a", "lower", "draft", ["skill.md", skillMd("name: lower", "description: Lower: case")]);
    await addVersion("a", "odd", "1.0.0");
    await addVersion("a", "odd", "2.0.0", ["SKILL.md", Buffer.from([0xff, 0xfe, 0x00])]);
    await addVersion("a", "odd", "3.0.0", ["SKILL.md", Buffer.from("No front matter.")]);
    await addVersion("a", "odd", "4.0.0", [
      "SKILL.md",
      skillMd("name: odd", 'description: "a\\0b"', "metadata:", '  author: "A\\0da"'),
    ]);
    for (let at = 0; at < 45; at++)
      await addVersion("a", "many", `1.0.${at}`, [
        "SKILL.md",
        skillMd("name: many", `description: Says ${at}.`),
      ]);

    const settings = postgres ? { DATABASE_URL: postgres.url, SKILLETT_MASTER_KEY: "0f".repeat(32) } : {};
    await prepareStore(database, readConfig({ data: directory }, settings, directory), 1);

    const none = { category: null, tool_ids: "[]", author: null, metadata_version: null };
    const ofRow = {
      ...{ name: "odd of the row", description: "Of the row.", category: "row", tool_ids: '["of.row"]' },
      ...{ author: null, metadata_version: null, front_matter: "{}" },
    };
    expect(await facts("a", "notes")).toMatchObject([
      {
        ...none,
        ...{ version: "1.0.0", name: "notes", description: "Old.", author: "Ada", metadata_version: "0.9.0" },
        front_matter: '{"name":"notes","description":"Old.","metadata":{"author":"Ada","version":"0.9"}}',
      },
      { ...none, version: "2.0.0", description: "New.", tool_ids: '["github.get_repo"]' },
    ]);
    expect(await facts("b", "notes")).toMatchObject([{ ...none, version: "1.0.0", description: "Theirs." }]);
    expect(await facts("a", "lower")).toMatchObject([
      { ...none, version: "draft", name: "lower", description: "Lower: case" },
    ]);
    expect(await facts("a", "odd")).toEqual([
      { version: "1.0.0", ...ofRow },
      { version: "2.0.0", ...ofRow },
      { version: "3.0.0", ...ofRow },
      {
        ...none,
        ...{ version: "4.0.0", name: "odd", description: "ab", author: "Ada" },
        front_matter: '{"name":"odd","description":"ab","metadata":{"author":"Ada"}}',
      },
    ]);
    const many = await facts("a", "many");
    expect(many.map(({ description }) => description).sort()).toEqual(
      Array.from({ length: 45 }, (_, at) => `Says ${at}.`).sort(),
    );
  });
});

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Database, Prepared } from "#store/engine/database.js";
import { openDatabase } from "#store/engine/open.js";
import { migrate } from "#store/migrate.js";
import type { Tables } from "#store/schema/tables.js";
import { unwrap } from "#store/vault/data-keys.js";
import { serverSecret } from "#store/vault/server-secrets.js";
import { openVault } from "#store/vault/vault.js";
import { spellings } from "#support/spellings.js";

let directory: string;
let database: Database;
beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "skillett-vault-"));
  database = await openDatabase({ url: undefined, directory });
  await migrate(database);
});
afterEach(async () => {
  await database.close();
  rmSync(directory, { recursive: true });
});

const masterKey = randomBytes(32);
const row = "credentials/tenant/conn_1";

test("a box opens in the vault that sealed it, also after a restart", async () => {
  const box = (await openVault(database, { masterKey }, 1)).seal("ghp_🦊", row);
  expect(box).not.toContain("ghp");
  await expect((await openVault(database, { masterKey }, 2)).open(box, row)).resolves.toBe("ghp_🦊");
});

test("a vault seals the same thing differently each time", async () => {
  const vault = await openVault(database, { masterKey }, 1);
  expect(vault.seal("same", row)).not.toBe(vault.seal("same", row));
});

test("a box moved to another row does not open", async () => {
  const vault = await openVault(database, { masterKey }, 1);
  await expect(vault.open(vault.seal("secret", row), "credentials/tenant/conn_2")).rejects.toThrow();
});

test("a box changed in any byte does not open", async () => {
  const vault = await openVault(database, { masterKey }, 1);
  const [id, sealed = ""] = vault.seal("secret", row).split(".");
  const bytes = Buffer.from(sealed, "base64url");
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 1;
    await expect(vault.open(`${id}.${changed.toString("base64url")}`, row)).rejects.toThrow();
  }
  await expect(vault.open(`${id}.${sealed.slice(0, 8)}`, row)).rejects.toThrow();
});

test("a box of a data key that is gone names the key", async () => {
  const vault = await openVault(database, { masterKey }, 1);
  await expect(vault.open("dk_0.AAAA", row)).rejects.toThrow("data key dk_0");
});

test("another master key is refused, and changes nothing", async () => {
  const box = (await openVault(database, { masterKey }, 1)).seal("secret", row);
  await expect(openVault(database, { masterKey: randomBytes(32) }, 2)).rejects.toThrow(
    "not the one this database was sealed with",
  );
  await expect((await openVault(database, { masterKey }, 3)).open(box, row)).resolves.toBe("secret");
});

test("the database holds an id of the master key, and in no table and no spelling it or a data key", async () => {
  const vault = await openVault(database, { masterKey }, 1);
  await vault.addKey(2);
  await serverSecret(database, vault, "sessions", 3);
  const keys = await database.kysely.selectFrom("data_keys").selectAll().execute();
  for (const { master_key_id } of keys) expect(master_key_id).toMatch(/^[0-9a-f]{16}$/);
  const rows: unknown[] = [];
  for (const { name } of await database.kysely.introspection.getTables())
    rows.push(
      ...(await database.kysely
        .selectFrom(name as keyof Tables)
        .selectAll()
        .execute()),
    );
  const text = JSON.stringify(rows);
  expect(keys.length).toBe(2);
  for (const key of [masterKey, ...keys.map((row) => unwrap(masterKey, row)!)])
    for (const spelling of spellings(key)) expect(text).not.toContain(spelling);
});

test("a vault seals with the newest key, and learns of keys of others when it meets their boxes", async () => {
  const [one, other] = [
    await openVault(database, { masterKey }, 1),
    await openVault(database, { masterKey }, 1),
  ];
  const before = one.seal("before", row);
  // Newer, also for a machine whose clock is behind.
  const id = await one.addKey(0);
  const after = one.seal("after", row);
  expect(after.startsWith(`${id}.`)).toBe(true);
  await expect(Promise.all([one.open(before, row), other.open(after, row)])).resolves.toEqual([
    "before",
    "after",
  ]);
  expect(other.seal("more", row).startsWith(`${id}.`)).toBe(true);
});

test("many boxes of an unknown key share the look for it", async () => {
  let reads = 0;
  const counting: Database = {
    ...database,
    prepare<Row>(statement: string) {
      const { all } = database.prepare<Row>(statement);
      const counted: Prepared<Row>["all"] = (...values) => {
        reads += 1;
        return all(...values);
      };
      return { all: counted };
    },
  };
  const vault = await openVault(counting, { masterKey }, 1);
  reads = 0;
  const opened = Array.from({ length: 100 }, () => vault.open("dk_0.AAAA", row));
  expect((await Promise.allSettled(opened)).every(({ status }) => status === "rejected")).toBe(true);
  expect(reads).toBe(1);
});

const replaced = "master key has been replaced";
const newMasterKey = randomBytes(32);

test("a new master key takes over from the old one, then works alone", async () => {
  const first = await openVault(database, { masterKey }, 1);
  await first.addKey(2);
  const box = first.seal("secret", row);
  const both = { masterKey: newMasterKey, oldMasterKey: masterKey };
  await expect((await openVault(database, both, 3)).open(box, row)).resolves.toBe("secret");
  await expect((await openVault(database, both, 4)).open(box, row)).resolves.toBe("secret");
  const alone = await openVault(database, { masterKey: newMasterKey }, 5);
  await expect(alone.open(box, row)).resolves.toBe("secret");
  await expect(openVault(database, { masterKey }, 6)).rejects.toThrow("SKILLETT_OLD_MASTER_KEY");
});

test("an old master key that does not fit changes nothing", async () => {
  await openVault(database, { masterKey }, 1);
  const before = await database.kysely.selectFrom("data_keys").selectAll().execute();
  const neither = { masterKey: newMasterKey, oldMasterKey: randomBytes(32) };
  await expect(openVault(database, neither, 2)).rejects.toThrow("not the one this database was sealed with");
  expect(await database.kysely.selectFrom("data_keys").selectAll().execute()).toEqual(before);
});

test("a process with the old master key keeps working, but makes no key that the others cannot open", async () => {
  const old = await openVault(database, { masterKey }, 1);
  const box = old.seal("secret", row);
  const current = await openVault(database, { masterKey: newMasterKey, oldMasterKey: masterKey }, 2);
  await old.reload();
  await expect(old.addKey(3)).rejects.toThrow(replaced);
  await expect(current.open(old.seal("more", row), row)).resolves.toBe("more");
  await current.addKey(4);
  await expect(old.reload()).rejects.toThrow(replaced);
  await expect(old.open(current.seal("newer", row), row)).rejects.toThrow(replaced);
  await expect(old.open(box, row)).resolves.toBe("secret");
  await expect(current.open(old.seal("still", row), row)).resolves.toBe("still");
});

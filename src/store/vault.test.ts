import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Database } from "#store/database.js";
import { migrate } from "#store/migrate.js";
import { openDatabase } from "#store/open.js";
import { openVault } from "#store/vault.js";

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

test("opens what it sealed, also after a restart", async () => {
  const box = (await openVault(database, masterKey, 1)).seal("ghp_🦊", row);
  expect(box).not.toContain("ghp");
  expect((await openVault(database, masterKey, 2)).open(box, row)).toBe("ghp_🦊");
});

test("seals the same thing differently each time", async () => {
  const vault = await openVault(database, masterKey, 1);
  expect(vault.seal("same", row)).not.toBe(vault.seal("same", row));
});

test("a box moved to another row does not open", async () => {
  const vault = await openVault(database, masterKey, 1);
  expect(() => vault.open(vault.seal("secret", row), "credentials/tenant/conn_2")).toThrow();
});

test("a box changed in any byte does not open", async () => {
  const vault = await openVault(database, masterKey, 1);
  const [id, sealed = ""] = vault.seal("secret", row).split(".");
  const bytes = Buffer.from(sealed, "base64url");
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 1;
    expect(() => vault.open(`${id}.${changed.toString("base64url")}`, row)).toThrow();
  }
  expect(() => vault.open(`${id}.${sealed.slice(0, 8)}`, row)).toThrow();
});

test("a box of a key that is gone says so", async () => {
  const vault = await openVault(database, masterKey, 1);
  expect(() => vault.open("dk_0.AAAA", row)).toThrow("data key dk_0");
});

test("another master key is refused, and changes nothing", async () => {
  const box = (await openVault(database, masterKey, 1)).seal("secret", row);
  await expect(openVault(database, randomBytes(32), 2)).rejects.toThrow(
    "not the one this database was sealed with",
  );
  expect((await openVault(database, masterKey, 3)).open(box, row)).toBe("secret");
});

test("the database holds neither the master key nor a data key in the clear", async () => {
  await openVault(database, masterKey, 1);
  const [stored, ...more] = await database.kysely.selectFrom("data_keys").selectAll().execute();
  expect(more).toEqual([]);
  expect(JSON.stringify(stored)).not.toContain(masterKey.toString("hex"));
  expect(stored!.master_key_id).toMatch(/^[0-9a-f]{16}$/);
});

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "kysely";
import ts from "typescript";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Database } from "#store/engine/database.js";
import { openDatabase } from "#store/engine/open.js";
import { migrate } from "#store/migrate.js";
import { sealedColumns } from "#store/vault/sealed-columns.js";

let directory: string;
let database: Database;
beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "skillett-sealed-"));
  database = await openDatabase({ url: undefined, directory });
  await migrate(database);
});
afterEach(async () => {
  await database.close();
  rmSync(directory, { recursive: true });
});

test("every column that is documented as sealed is in the list, and no other", () => {
  const listed = sealedColumns.map(({ table, column }) => `${table}.${column}`);
  expect(listed.sort()).toEqual(documentedAsSealed().sort());
});

test("the key of a column is its table's primary key", async () => {
  for (const { table, key } of sealedColumns) {
    const { rows } = await sql<{ name: string }>`
      select name from pragma_table_info(${table}) where pk > 0 order by pk`.execute(database.kysely);
    expect(
      rows.map(({ name }) => name),
      table,
    ).toEqual(key);
  }
});

test("a row of each sealed column is named by its table and key", () => {
  const names = sealedColumns.map(({ row, key }) => row(...key));
  expect(names).toEqual([
    "credentials/tenant_id/connection_id",
    "idempotency_keys/tenant_id/profile_id/key_hash",
    "results/tenant_id/id",
    "files/tenant_id/file_id/number",
    "connect_attempts/tenant_id/id",
    "provider_clients/provider",
    "integration_clients/tenant_id/slug",
    "listing_sources/tenant_id/name",
    "server_secrets/name",
    "oauth_artifacts/id",
  ]);
});

/** `table.column` of what the tables' files call "sealed by the vault" or "sealed: …". */
function documentedAsSealed(): string[] {
  const interfaces = [
    "tables.ts",
    "file-tables.ts",
    "people-tables.ts",
    "skill-tables.ts",
    "listing-tables.ts",
    "oauth-tables.ts",
    "integration-tables.ts",
  ].flatMap(interfacesIn);
  const properties = (name: string) => {
    const members = interfaces.find((one) => one.name.text === name)?.members ?? [];
    return [...members].filter((member) => ts.isPropertySignature(member));
  };
  return properties("Tables").flatMap((table) =>
    properties(table.type!.getText())
      .filter((column) => /\bsealed(:| by the vault)/.test(column.getFullText()))
      .map((column) => `${table.name.getText()}.${column.name.getText()}`),
  );
}

function interfacesIn(file: string): ts.InterfaceDeclaration[] {
  const text = readFileSync(new URL(`../schema/${file}`, import.meta.url), "utf8");
  return ts
    .createSourceFile(file, text, ts.ScriptTarget.Latest, true)
    .statements.filter(ts.isInterfaceDeclaration);
}

import { type Kysely, sql } from "kysely";

/** How large what a tenant stores is, so that its sum is read from an index and not from the bytes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [table, bytes] of [
    ["skill_blobs", "bytes"],
    ["listings", "archive"],
  ] as const) {
    await db.schema
      .alterTable(table)
      .addColumn("size", "bigint", (c) => c.notNull().defaultTo(0))
      .execute();
    await sql`update ${sql.table(table)} set size = length(${sql.ref(bytes)})`.execute(db);
    await db.schema.createIndex(`${table}_size`).on(table).columns(["tenant_id", "size"]).execute();
  }
}

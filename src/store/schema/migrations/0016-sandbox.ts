import type { Kysely } from "kysely";

/** The data of each tenant's sandbox. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("sandboxes")
    .addColumn("tenant_id", "text", (c) => c.primaryKey())
    .addColumn("numbers", "text", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("sandbox_records")
    .addColumn("tenant_id", "text", (c) => c.notNull())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("number", "integer", (c) => c.notNull())
    .addColumn("value", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("sandbox_records_pkey", ["tenant_id", "kind", "number"])
    .execute();
}

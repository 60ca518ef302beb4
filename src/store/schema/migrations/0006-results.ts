import type { Kysely } from "kysely";

/** Answers that were cut, kept whole for an hour. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("results")
    .addColumn("tenant_id", "text", (c) => c.notNull())
    .addColumn("id", "text", (c) => c.notNull())
    .addColumn("profile_id", "text", (c) => c.notNull())
    .addColumn("agent_id", "text")
    .addColumn("box", "text", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("results_pkey", ["tenant_id", "id"])
    .execute();
  await db.schema.createIndex("results_expires_at").on("results").column("expires_at").execute();
}

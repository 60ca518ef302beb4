import type { Kysely } from "kysely";

/** Addresses by which installers read an agent's skills, and sources in git repositories. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("skill_addresses")
    .addColumn("tenant_id", "text", (c) => c.notNull())
    .addColumn("id", "text", (c) => c.notNull())
    .addColumn("agent_id", "text", (c) => c.notNull())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("secret_hash", "text", (c) => c.notNull())
    .addColumn("created_by", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("revoked_at", "bigint")
    .addColumn("last_used_at", "bigint")
    .addPrimaryKeyConstraint("skill_addresses_pkey", ["tenant_id", "id"])
    .execute();
  await db.schema
    .createIndex("skill_addresses_secret_hash")
    .on("skill_addresses")
    .column("secret_hash")
    .unique()
    .execute();
  for (const column of ["git_ref", "git_folder", "git_commit"])
    await db.schema.alterTable("listing_sources").addColumn(column, "text").execute();
  await db.schema.alterTable("listing_sources").addColumn("git_checked_at", "bigint").execute();
}

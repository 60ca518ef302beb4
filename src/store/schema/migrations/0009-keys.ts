import type { Kysely } from "kysely";

/**
 * Columns for the lineage by which keys are counted, the mail about the end of a key, the end of a program's access, and
 * the agent that asked for a sign-in.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("api_keys").addColumn("lineage_id", "text").execute();
  await db.schema.alterTable("api_keys").addColumn("end_told_at", "bigint").execute();
  await db.schema.createIndex("api_keys_end").on("api_keys").column("expires_at").execute();
  await db.schema.alterTable("oauth_grants").addColumn("expires_at", "bigint").execute();
  await db.schema.alterTable("connect_attempts").addColumn("agent_id", "text").execute();
}

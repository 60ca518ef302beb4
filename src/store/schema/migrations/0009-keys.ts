import type { Kysely } from "kysely";

/**
 * What keys are counted by, that their owner was told of their end, when a program's access ends, and which agent
 * asked for a sign-in.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("api_keys").addColumn("lineage_id", "text").execute();
  await db.schema.alterTable("api_keys").addColumn("end_told_at", "bigint").execute();
  await db.schema.createIndex("api_keys_end").on("api_keys").column("expires_at").execute();
  await db.schema.alterTable("oauth_grants").addColumn("expires_at", "bigint").execute();
  await db.schema.alterTable("connect_attempts").addColumn("agent_id", "text").execute();
}

import type { Kysely } from "kysely";

/** The tables of the authorization server for MCP clients: its artifacts, and the grants of people. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("oauth_grants")
    .addColumn("tenant_id", "text", (c) => c.notNull().references("tenants.id"))
    .addColumn("id", "text", (c) => c.notNull().unique())
    .addColumn("profile_id", "text", (c) => c.notNull().references("profiles.id").onDelete("cascade"))
    .addColumn("agent_id", "text")
    .addColumn("client_id", "text", (c) => c.notNull())
    .addColumn("client_name", "text")
    .addColumn("scopes", "text", (c) => c.notNull())
    .addColumn("last_used_at", "bigint")
    .addColumn("revoked_at", "bigint")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("oauth_grants_pkey", ["tenant_id", "id"])
    .execute();

  await db.schema
    .createTable("oauth_artifacts")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("grant_id", "text")
    .addColumn("box", "text", (c) => c.notNull())
    .addColumn("consumed_at", "bigint")
    .addColumn("expires_at", "bigint")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex("oauth_artifacts_grant")
    .on("oauth_artifacts")
    .columns(["grant_id", "kind"])
    .execute();
  await db.schema.createIndex("oauth_artifacts_end").on("oauth_artifacts").column("expires_at").execute();
}

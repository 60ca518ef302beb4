import type { Kysely } from "kysely";

/** OAuth clients of integrations that a tenant brings, one for each. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("integration_clients")
    .addColumn("tenant_id", "text", (c) => c.notNull())
    .addColumn("slug", "text", (c) => c.notNull())
    .addColumn("issuer", "text", (c) => c.notNull())
    .addColumn("callback_url", "text", (c) => c.notNull())
    .addColumn("client_auth", "text", (c) => c.notNull())
    .addColumn("box", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("integration_clients_pkey", ["tenant_id", "slug"])
    .execute();
}

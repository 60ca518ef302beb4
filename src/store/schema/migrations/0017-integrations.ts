import type { Kysely } from "kysely";

/** A catalogue for each tenant: integrations of its own, and what is switched off. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("tenants")
    .addColumn("catalog_version", "integer", (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createTable("integrations")
    .addColumn("tenant_id", "text", (c) => c.notNull())
    .addColumn("slug", "text", (c) => c.notNull())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("enabled", "integer", (c) => c.notNull())
    .addColumn("main", "text")
    .addColumn("texts", "text", (c) => c.notNull())
    .addColumn("overlay", "text", (c) => c.notNull())
    .addColumn("source", "text")
    .addColumn("report", "text")
    .addColumn("format", "integer", (c) => c.notNull())
    .addColumn("created_by", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("updated_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("integrations_pkey", ["tenant_id", "slug"])
    .execute();
  await db.schema
    .createTable("routes")
    .addColumn("tenant_id", "text", (c) => c.notNull())
    .addColumn("slug", "text", (c) => c.notNull())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("enabled", "integer", (c) => c.notNull())
    .addColumn("off_reason", "text")
    .addColumn("path", "text")
    .addColumn("text", "text")
    .addColumn("overlay", "text")
    .addColumn("compiled", "text")
    .addColumn("effect", "text")
    .addColumn("hash", "text")
    .addPrimaryKeyConstraint("routes_pkey", ["tenant_id", "slug", "name"])
    .execute();
}

import { type Kysely, sql } from "kysely";

/** One open request of a kind at a time, webhooks that wait to be sent, and what the store offers a tenant. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Equal requests are those of one agent, or of one person whose keys are bound to none.
  await sql`create unique index tasks_open_once
    on tasks (tenant_id, type, subject, coalesce(agent_id, requested_by)) where status = 'pending'`.execute(
    db,
  );
  await db.schema
    .createTable("webhook_deliveries")
    .addColumn("tenant_id", "text", (c) => c.notNull())
    .addColumn("id", "text", (c) => c.notNull())
    .addColumn("body", "text", (c) => c.notNull())
    .addColumn("attempts", "integer", (c) => c.notNull())
    .addColumn("next_at", "bigint", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("webhook_deliveries_pkey", ["tenant_id", "id"])
    .execute();
  await db.schema
    .createIndex("webhook_deliveries_next_at")
    .on("webhook_deliveries")
    .column("next_at")
    .execute();
  await addListings(db);
}

async function addListings(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("listing_sources")
    .addColumn("tenant_id", "text", (c) => c.notNull().references("tenants.id"))
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("url", "text")
    .addColumn("box", "text")
    .addColumn("created_by", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("refreshed_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("listing_sources_pkey", ["tenant_id", "name"])
    .execute();
  await db.schema
    .createTable("listings")
    .addColumn("tenant_id", "text", (c) => c.notNull())
    .addColumn("source", "text", (c) => c.notNull())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("description", "text", (c) => c.notNull())
    .addColumn("category", "text")
    .addColumn("version", "text", (c) => c.notNull())
    .addColumn("author", "text")
    .addColumn("digest", "text", (c) => c.notNull())
    // SQLite keeps bytes as bytes whatever the column is called.
    .addColumn("archive", "bytea", (c) => c.notNull())
    .addPrimaryKeyConstraint("listings_pkey", ["tenant_id", "source", "name"])
    .addForeignKeyConstraint(
      "listings_source",
      ["tenant_id", "source"],
      "listing_sources",
      ["tenant_id", "name"],
      (c) => c.onDelete("cascade"),
    )
    .execute();
}

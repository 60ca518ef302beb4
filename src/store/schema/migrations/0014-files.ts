import type { Kysely } from "kysely";

/** Files that are named by a handle, in sealed chunks. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("files")
    .addColumn("tenant_id", "text", (c) => c.notNull())
    .addColumn("id", "text", (c) => c.notNull())
    .addColumn("profile_id", "text", (c) => c.notNull())
    .addColumn("agent_id", "text")
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("media_type", "text", (c) => c.notNull())
    .addColumn("size", "bigint", (c) => c.notNull())
    .addColumn("sha256", "text")
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("files_pkey", ["tenant_id", "id"])
    .execute();
  await db.schema.createIndex("files_expires_at").on("files").column("expires_at").execute();
  await db.schema
    .createIndex("files_of_profile")
    .on("files")
    .columns(["tenant_id", "profile_id", "id"])
    .execute();
  await db.schema
    .createTable("file_chunks")
    .addColumn("tenant_id", "text", (c) => c.notNull())
    .addColumn("file_id", "text", (c) => c.notNull())
    .addColumn("number", "integer", (c) => c.notNull())
    .addColumn("box", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("file_chunks_pkey", ["tenant_id", "file_id", "number"])
    .execute();
}

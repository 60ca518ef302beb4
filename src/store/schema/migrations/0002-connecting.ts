import { type Kysely, sql } from "kysely";

/** Signing in at providers: attempts under way, our OAuth clients, tokens that end, keys that are retired. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("profiles")
    .addColumn("is_operator", "integer", (c) => c.notNull().defaultTo(0))
    .execute();
  await sql`update profiles set is_operator = 1
    where id = (select id from profiles order by created_at, id limit 1)`.execute(db);

  await addSharing(db);
  await db.schema.alterTable("credentials").addColumn("renew_at", "bigint").execute();
  await db.schema.alterTable("data_keys").addColumn("retired_at", "bigint").execute();

  await addAttempts(db);
  await db.schema
    .createTable("provider_clients")
    .addColumn("provider", "text", (c) => c.primaryKey())
    .addColumn("client_id", "text", (c) => c.notNull())
    .addColumn("box", "text", (c) => c.notNull())
    .addColumn("updated_at", "bigint", (c) => c.notNull())
    .execute();
}

async function addSharing(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("connections")
    .addColumn("is_shared", "integer", (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createIndex("connections_shared")
    .on("connections")
    .columns(["tenant_id", "integration"])
    .where(sql.ref("is_shared"), "=", sql.lit(1))
    .execute();
}

async function addAttempts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("connect_attempts")
    .addColumn("tenant_id", "text", (c) => c.notNull().references("tenants.id"))
    .addColumn("id", "text", (c) => c.notNull())
    .addColumn("profile_id", "text", (c) => c.notNull().references("profiles.id"))
    .addColumn("integration", "text", (c) => c.notNull())
    .addColumn("auth_method", "text", (c) => c.notNull())
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("scopes", "text", (c) => c.notNull())
    .addColumn("is_shared", "integer", (c) => c.notNull())
    .addColumn("reconnects", "text")
    .addColumn("box", "text", (c) => c.notNull())
    .addColumn("connection_id", "text")
    .addColumn("account", "text")
    .addColumn("error", "text")
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("connect_attempts_pkey", ["tenant_id", "id"])
    .execute();
}

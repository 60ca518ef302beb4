import { type Kysely, sql } from "kysely";

/** Everything one call needs: who calls, with what, and what became of it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("tenants")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();

  await db.schema
    .createTable("profiles")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("email", "text", (c) => c.unique())
    .addColumn("display_name", "text")
    .addColumn("plan", "text", (c) => c.notNull())
    .addColumn("claim_token_hash", "text", (c) => c.unique())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();

  await db.schema
    .createTable("memberships")
    .addColumn("tenant_id", "text", (c) => c.notNull().references("tenants.id"))
    .addColumn("profile_id", "text", (c) => c.notNull().references("profiles.id"))
    .addColumn("role", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("memberships_pkey", ["tenant_id", "profile_id"])
    .execute();

  await db.schema
    .createTable("api_keys")
    .addColumn("tenant_id", "text", (c) => c.notNull().references("tenants.id"))
    .addColumn("id", "text", (c) => c.notNull())
    .addColumn("profile_id", "text", (c) => c.notNull().references("profiles.id"))
    .addColumn("agent_id", "text")
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("key_hash", "text", (c) => c.notNull().unique())
    .addColumn("key_prefix", "text", (c) => c.notNull())
    .addColumn("scopes", "text", (c) => c.notNull())
    .addColumn("expires_at", "bigint")
    .addColumn("revoked_at", "bigint")
    .addColumn("last_used_at", "bigint")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("api_keys_pkey", ["tenant_id", "id"])
    .execute();

  await db.schema
    .createTable("connections")
    .addColumn("tenant_id", "text", (c) => c.notNull().references("tenants.id"))
    .addColumn("id", "text", (c) => c.notNull())
    .addColumn("profile_id", "text", (c) => c.notNull().references("profiles.id"))
    .addColumn("integration", "text", (c) => c.notNull())
    .addColumn("auth_method", "text", (c) => c.notNull())
    .addColumn("account_id", "text", (c) => c.notNull())
    .addColumn("account", "text", (c) => c.notNull())
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("is_default", "integer", (c) => c.notNull())
    .addColumn("scopes", "text", (c) => c.notNull())
    .addColumn("last_used_at", "bigint")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("connections_pkey", ["tenant_id", "id"])
    .addUniqueConstraint("connections_account", ["tenant_id", "profile_id", "integration", "account_id"])
    .execute();

  await db.schema
    .createTable("credentials")
    .addColumn("tenant_id", "text", (c) => c.notNull())
    .addColumn("connection_id", "text", (c) => c.notNull())
    .addColumn("box", "text", (c) => c.notNull())
    .addColumn("updated_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("credentials_pkey", ["tenant_id", "connection_id"])
    .addForeignKeyConstraint("credentials_connection", ["tenant_id", "connection_id"], "connections", [
      "tenant_id",
      "id",
    ])
    .execute();

  // The log outlives what it speaks of: no foreign keys, and its key alone is in the order it is read in.
  await db.schema
    .createTable("skill_calls")
    .addColumn("tenant_id", "text", (c) => c.notNull())
    .addColumn("profile_id", "text", (c) => c.notNull())
    .addColumn("id", "text", (c) => c.notNull())
    .addColumn("key_id", "text", (c) => c.notNull())
    .addColumn("agent_id", "text")
    .addColumn("connection_id", "text")
    .addColumn("integration", "text", (c) => c.notNull())
    .addColumn("endpoint", "text", (c) => c.notNull())
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("upstream_status", "integer")
    .addColumn("error", "text")
    .addColumn("started_at", "bigint", (c) => c.notNull())
    .addColumn("duration_ms", "integer")
    .addColumn("node_id", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("skill_calls_pkey", ["tenant_id", "profile_id", "id"])
    .execute();
  await db.schema
    .createIndex("skill_calls_started")
    .on("skill_calls")
    .column("node_id")
    .where(sql.ref("status"), "=", sql.lit("started"))
    .execute();

  await db.schema
    .createTable("call_counters")
    .addColumn("tenant_id", "text", (c) => c.notNull())
    .addColumn("bucket", "text", (c) => c.notNull())
    .addColumn("window_start", "bigint", (c) => c.notNull())
    .addColumn("used", "integer", (c) => c.notNull())
    .addPrimaryKeyConstraint("call_counters_pkey", ["tenant_id", "bucket", "window_start"])
    .execute();

  await db.schema
    .createTable("idempotency_keys")
    .addColumn("tenant_id", "text", (c) => c.notNull())
    .addColumn("profile_id", "text", (c) => c.notNull())
    .addColumn("key_hash", "text", (c) => c.notNull())
    .addColumn("fingerprint", "text", (c) => c.notNull())
    .addColumn("call_id", "text", (c) => c.notNull())
    .addColumn("answer", "text")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("idempotency_keys_pkey", ["tenant_id", "profile_id", "key_hash"])
    .execute();

  await db.schema
    .createTable("data_keys")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("wrapped", "text", (c) => c.notNull())
    .addColumn("master_key_id", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
}

import { type Kysely, sql } from "kysely";

/** Signing in, sessions, invitations, second factors; device codes; what is counted to slow guessers down. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await extendPeople(db);
  await addSignIn(db);
  await addLinks(db);
  await addSecondFactors(db);

  await db.schema
    .createTable("device_codes")
    .addColumn("device_code_hash", "text", (c) => c.primaryKey())
    .addColumn("user_code_hash", "text", (c) => c.notNull().unique())
    .addColumn("client_id", "text")
    .addColumn("device_name", "text")
    .addColumn("address", "text", (c) => c.notNull())
    .addColumn("scopes", "text", (c) => c.notNull())
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("tenant_id", "text")
    .addColumn("profile_id", "text")
    .addColumn("interval_seconds", "integer", (c) => c.notNull())
    .addColumn("polled_at", "bigint")
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();

  await db.schema
    .createTable("throttles")
    .addColumn("bucket", "text", (c) => c.primaryKey())
    .addColumn("window_start", "bigint", (c) => c.notNull())
    .addColumn("used", "integer", (c) => c.notNull())
    .execute();

  await db.schema
    .createTable("server_secrets")
    .addColumn("name", "text", (c) => c.primaryKey())
    .addColumn("box", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
}

async function extendPeople(db: Kysely<unknown>): Promise<void> {
  const add = (table: string, column: string, type: "text" | "bigint") =>
    db.schema.alterTable(table).addColumn(column, type).execute();
  for (const flag of ["email_verified", "two_factor_enabled"]) {
    await db.schema
      .alterTable("profiles")
      .addColumn(flag, "integer", (c) => c.notNull().defaultTo(0))
      .execute();
  }
  await add("profiles", "image", "text");
  await add("profiles", "updated_at", "bigint");
  await add("tenants", "slug", "text");
  await add("tenants", "logo", "text");
  await add("tenants", "metadata", "text");
  await add("memberships", "id", "text");
  await sql`update tenants set slug = id`.execute(db);
  await sql`update memberships set id = tenant_id || '/' || profile_id`.execute(db);
  await sql`update profiles set updated_at = created_at`.execute(db);
  await db.schema.createIndex("tenants_slug").unique().on("tenants").column("slug").execute();
  await db.schema.createIndex("memberships_id").unique().on("memberships").column("id").execute();
  await db.schema.createIndex("memberships_profile").on("memberships").column("profile_id").execute();
}

async function addSignIn(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("sessions")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("token", "text", (c) => c.notNull().unique())
    .addColumn("profile_id", "text", (c) => c.notNull().references("profiles.id").onDelete("cascade"))
    .addColumn("tenant_id", "text")
    .addColumn("ip_address", "text")
    .addColumn("user_agent", "text")
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("updated_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("sessions_profile").on("sessions").column("profile_id").execute();

  await db.schema
    .createTable("login_accounts")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("account_id", "text", (c) => c.notNull())
    .addColumn("provider_id", "text", (c) => c.notNull())
    .addColumn("profile_id", "text", (c) => c.notNull().references("profiles.id").onDelete("cascade"))
    .addColumn("access_token", "text")
    .addColumn("refresh_token", "text")
    .addColumn("id_token", "text")
    .addColumn("access_token_expires_at", "bigint")
    .addColumn("refresh_token_expires_at", "bigint")
    .addColumn("scope", "text")
    .addColumn("password", "text")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("updated_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("login_accounts_profile").on("login_accounts").column("profile_id").execute();
}

async function addLinks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("verifications")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("identifier", "text", (c) => c.notNull())
    .addColumn("value", "text", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("updated_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("verifications_identifier").on("verifications").column("identifier").execute();

  await db.schema
    .createTable("invitations")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("tenant_id", "text", (c) => c.notNull().references("tenants.id"))
    .addColumn("email", "text", (c) => c.notNull())
    .addColumn("role", "text", (c) => c.notNull())
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("inviter_id", "text", (c) => c.notNull().references("profiles.id"))
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("invitations_email").on("invitations").column("email").execute();
}

async function addSecondFactors(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("two_factors")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("secret", "text", (c) => c.notNull())
    .addColumn("backup_codes", "text", (c) => c.notNull())
    .addColumn("profile_id", "text", (c) => c.notNull().references("profiles.id").onDelete("cascade"))
    .addColumn("verified", "integer")
    .addColumn("failed_verification_count", "integer")
    .addColumn("locked_until", "bigint")
    .execute();
  await db.schema.createIndex("two_factors_profile").on("two_factors").column("profile_id").execute();

  await db.schema
    .createTable("signing_keys")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("public_key", "text", (c) => c.notNull())
    .addColumn("private_key", "text", (c) => c.notNull())
    .addColumn("alg", "text")
    .addColumn("crv", "text")
    .addColumn("expires_at", "bigint")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();
}

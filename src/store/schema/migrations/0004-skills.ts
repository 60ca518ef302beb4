import type { Kysely } from "kysely";

/** The registry: skills with versions and files, agents, who has which skill, what people must decide. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await addAgents(db);
  await addSkills(db);
  await addAssignments(db);
  await addFiles(db);
  await addTasks(db);
}

async function addAgents(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("agents")
    .addColumn("tenant_id", "text", (c) => c.notNull().references("tenants.id"))
    .addColumn("id", "text", (c) => c.notNull())
    .addColumn("slug", "text", (c) => c.notNull())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("description", "text")
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("created_by", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("updated_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("agents_pkey", ["tenant_id", "id"])
    .addUniqueConstraint("agents_slug", ["tenant_id", "slug"])
    .execute();
  await db.schema.createIndex("api_keys_agent").on("api_keys").columns(["tenant_id", "agent_id"]).execute();
}

async function addSkills(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("skills")
    .addColumn("tenant_id", "text", (c) => c.notNull().references("tenants.id"))
    .addColumn("id", "text", (c) => c.notNull())
    .addColumn("slug", "text", (c) => c.notNull())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("description", "text", (c) => c.notNull())
    .addColumn("category", "text")
    .addColumn("tool_ids", "text", (c) => c.notNull())
    .addColumn("config", "text", (c) => c.notNull())
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("source", "text", (c) => c.notNull())
    .addColumn("listing_ref", "text")
    .addColumn("listing_version", "text")
    .addColumn("current_version", "text")
    .addColumn("created_by", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("updated_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("skills_pkey", ["tenant_id", "id"])
    .addUniqueConstraint("skills_slug", ["tenant_id", "slug"])
    .execute();
  await db.schema
    .createIndex("skills_updated_at")
    .on("skills")
    .columns(["tenant_id", "updated_at"])
    .execute();
}

async function addAssignments(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("skill_assignments")
    .addColumn("tenant_id", "text", (c) => c.notNull())
    .addColumn("id", "text", (c) => c.notNull())
    .addColumn("skill_id", "text", (c) => c.notNull())
    .addColumn("agent_id", "text", (c) => c.notNull())
    .addColumn("pinned_version", "text")
    .addColumn("enabled", "integer", (c) => c.notNull())
    .addColumn("config", "text", (c) => c.notNull())
    .addColumn("priority", "integer", (c) => c.notNull())
    .addColumn("assigned_by", "text", (c) => c.notNull())
    .addColumn("assigned_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("skill_assignments_pkey", ["tenant_id", "skill_id", "agent_id"])
    .addForeignKeyConstraint("skill_assignments_skill", ["tenant_id", "skill_id"], "skills", [
      "tenant_id",
      "id",
    ])
    .addForeignKeyConstraint("skill_assignments_agent", ["tenant_id", "agent_id"], "agents", [
      "tenant_id",
      "id",
    ])
    .execute();
  await db.schema
    .createIndex("skill_assignments_agent_id")
    .on("skill_assignments")
    .columns(["tenant_id", "agent_id"])
    .execute();
}

async function addFiles(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("skill_versions")
    .addColumn("tenant_id", "text", (c) => c.notNull())
    .addColumn("skill_id", "text", (c) => c.notNull())
    .addColumn("version", "text", (c) => c.notNull())
    .addColumn("digest", "text", (c) => c.notNull())
    .addColumn("notes", "text")
    .addColumn("created_by", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("skill_versions_pkey", ["tenant_id", "skill_id", "version"])
    .addForeignKeyConstraint("skill_versions_skill", ["tenant_id", "skill_id"], "skills", ["tenant_id", "id"])
    .execute();

  await db.schema
    .createTable("skill_files")
    .addColumn("tenant_id", "text", (c) => c.notNull())
    .addColumn("skill_id", "text", (c) => c.notNull())
    .addColumn("version", "text", (c) => c.notNull())
    .addColumn("path", "text", (c) => c.notNull())
    .addColumn("digest", "text", (c) => c.notNull())
    .addColumn("size", "integer", (c) => c.notNull())
    .addColumn("is_executable", "integer", (c) => c.notNull())
    .addPrimaryKeyConstraint("skill_files_pkey", ["tenant_id", "skill_id", "version", "path"])
    .addForeignKeyConstraint("skill_files_version", ["tenant_id", "skill_id", "version"], "skill_versions", [
      "tenant_id",
      "skill_id",
      "version",
    ])
    .execute();
  await db.schema
    .createIndex("skill_files_digest")
    .on("skill_files")
    .columns(["tenant_id", "digest"])
    .execute();

  await db.schema
    .createTable("skill_blobs")
    .addColumn("tenant_id", "text", (c) => c.notNull())
    .addColumn("digest", "text", (c) => c.notNull())
    // SQLite keeps bytes as bytes whatever the column is called.
    .addColumn("bytes", "bytea", (c) => c.notNull())
    .addPrimaryKeyConstraint("skill_blobs_pkey", ["tenant_id", "digest"])
    .execute();
}

async function addTasks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("tasks")
    .addColumn("tenant_id", "text", (c) => c.notNull().references("tenants.id"))
    .addColumn("id", "text", (c) => c.notNull())
    .addColumn("type", "text", (c) => c.notNull())
    .addColumn("subject", "text", (c) => c.notNull())
    .addColumn("agent_id", "text")
    .addColumn("requested_by", "text", (c) => c.notNull())
    .addColumn("reason", "text", (c) => c.notNull())
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("decided_by", "text")
    .addColumn("decided_at", "bigint")
    .addColumn("note", "text")
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("tasks_pkey", ["tenant_id", "id"])
    .execute();
  await db.schema
    .createIndex("tasks_open")
    .on("tasks")
    .columns(["tenant_id", "status", "type", "subject"])
    .execute();
}

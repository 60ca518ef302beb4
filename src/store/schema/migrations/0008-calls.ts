import { type Kysely, sql } from "kysely";

/**
 * The audit log as docs/decisions/0020-call-log.md describes it: numbered in the order of commits, with room for
 * what a reader wants to know of a call, and an index for each way it is filtered. Rows are carried over once,
 * into a new table, and indexes made afterwards: with a million rows that takes seconds.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createTables(db);
  await carryOver(db);
  await createCallIndexes(db);
  await indexEnds(db);
  await db.schema
    .createTable("probes")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("filler", "text", (c) => c.notNull())
    .execute();
}

async function createTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("call_heads")
    .addColumn("tenant_id", "text", (c) => c.primaryKey())
    .addColumn("seq", "bigint", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("numbered_calls")
    .addColumn("tenant_id", "text", (c) => c.notNull())
    .addColumn("seq", "bigint", (c) => c.notNull())
    .addColumn("id", "text", (c) => c.notNull())
    .addColumn("profile_id", "text", (c) => c.notNull())
    .addColumn("key_id", "text", (c) => c.notNull())
    .addColumn("agent_id", "text")
    .addColumn("face", "text")
    .addColumn("connection_id", "text")
    .addColumn("account", "text")
    .addColumn("integration", "text", (c) => c.notNull())
    .addColumn("endpoint", "text", (c) => c.notNull())
    .addColumn("effect", "text")
    .addColumn("target", "text")
    .addColumn("policy", "text")
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("upstream_status", "integer")
    .addColumn("error", "text")
    .addColumn("started_at", "bigint", (c) => c.notNull())
    .addColumn("duration_ms", "integer")
    .addColumn("node_id", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("skill_calls_seq", ["tenant_id", "seq"])
    .execute();
}

/** Ids began with the time from the first release on, so their order is that of the calls. */
async function carryOver(db: Kysely<unknown>): Promise<void> {
  const kept = sql.raw(
    `tenant_id, id, profile_id, key_id, agent_id, connection_id, integration, endpoint, status, upstream_status,
     error, started_at, duration_ms, node_id`,
  );
  await sql`insert into numbered_calls (seq, ${kept})
    select row_number() over (partition by tenant_id order by id), ${kept} from skill_calls`.execute(db);
  await sql`insert into call_heads (tenant_id, seq)
    select tenant_id, max(seq) from numbered_calls group by tenant_id`.execute(db);
  await db.schema.dropTable("skill_calls").execute();
  await db.schema.alterTable("numbered_calls").renameTo("skill_calls").execute();
}

async function createCallIndexes(db: Kysely<unknown>): Promise<void> {
  const index = (name: string, columns: string, where = "") =>
    sql.raw(`create index skill_calls_${name} on skill_calls (${columns}) ${where}`).execute(db);
  await sql`create unique index skill_calls_id on skill_calls (tenant_id, id)`.execute(db);
  // Those under way are few, and looked for after a crash.
  await index("started", "tenant_id, profile_id, status, seq, node_id", "where status = 'started'");

  const mine = "tenant_id, profile_id";
  const filters = {
    all: "",
    integration: "integration,",
    endpoint: "endpoint,",
    both: "integration, endpoint,",
  };
  for (const [name, columns] of Object.entries(filters)) {
    await index(name, `${mine}, ${columns} seq`);
    // Nearly every call is completed: indexes of what is not cost next to nothing, and make it quick to find.
    await index(
      `${name}_status`,
      `${mine}, ${columns} status, seq`,
      "where status not in ('started', 'completed')",
    );
  }
}

/** Housekeeping deletes rows that have ended in small steps, each of which finds its rows by these indexes. */
async function indexEnds(db: Kysely<unknown>): Promise<void> {
  const ends = [
    ["call_counters", "window_start"],
    ["idempotency_keys", "created_at"],
    ["connect_attempts", "created_at"],
    ["device_codes", "expires_at"],
    ["throttles", "window_start"],
    ["sessions", "expires_at"],
    ["verifications", "expires_at"],
    ["oauth_grants", "created_at"],
  ] as const;
  for (const [table, column] of ends)
    await db.schema.createIndex(`${table}_${column}`).on(table).column(column).execute();
  await db.schema.createIndex("tasks_created_at").on("tasks").columns(["tenant_id", "created_at"]).execute();
  await sql`create index tasks_pending_end on tasks (expires_at) where status = 'pending'`.execute(db);
}

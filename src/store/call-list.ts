import { type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from "kysely";
import type { Database } from "#store/engine/database.js";
import type { LoggedCallRow, Tables } from "#store/schema/tables.js";

export interface CallFilter {
  tenantId: string;
  profileId: string;
  integration?: string | undefined;
  endpoint?: string | undefined;
  status?: string | undefined;
  /** Only calls before the one with this number. */
  before?: number | undefined;
  limit: number;
}

/**
 * Calls, newest first. For every filter an index holds them in this order: a page costs what it shows, however long
 * the log is.
 *
 * @see migrations/0008-calls.ts
 */
export function listCalls(
  { kysely }: Database,
  { tenantId, profileId, integration, endpoint, status, before, limit }: CallFilter,
): SelectQueryBuilder<Tables, "skill_calls", LoggedCallRow> {
  let query = kysely
    .selectFrom("skill_calls")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("profile_id", "=", profileId);
  if (before !== undefined) query = query.where("seq", "<", before);
  if (status !== undefined) query = query.where(hasStatus(status));
  // Of the few that are under way each is looked at: an expression keeps the indexes of all calls out of it.
  const column = (name: "integration" | "endpoint") =>
    status === "started" ? sql<string>`coalesce(${sql.ref(name)}, '')` : sql.ref<string>(name);
  if (integration !== undefined) query = query.where(column("integration"), "=", integration);
  if (endpoint !== undefined) query = query.where(column("endpoint"), "=", endpoint);
  return query.orderBy("seq", "desc").limit(limit);
}

/** The condition of a partial index is written out: only then is SQLite sure that the index holds every row asked for. */
function hasStatus(status: string): RawBuilder<SqlBool> {
  if (status === "started") return sql`status = 'started'`;
  if (status === "completed") return sql`status = ${status}`;
  return sql`status = ${status} and status not in ('started', 'completed')`;
}

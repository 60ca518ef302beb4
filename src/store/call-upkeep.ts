import { sql } from "kysely";
import type { Database } from "#store/engine/database.js";
import { inSteps, stepRows } from "#store/engine/steps.js";

// Written out, not bound: only then is the partial index sure to serve.
const started = sql.lit("started");

/**
 * Marks what dead processes left `started`, as many rows as `limit` says. Answers with how many there were.
 */
export async function markInterrupted(database: Database, limit = stepRows): Promise<number> {
  const nodes = await database.kysely
    .selectFrom("skill_calls")
    .select("node_id")
    .distinct()
    .where("status", "=", started)
    .execute();
  let marked = 0;
  for (const { node_id } of nodes) {
    if (marked >= limit) break;
    if (await database.isAlive(node_id)) continue;
    const { numAffectedRows } = await sql`update skill_calls set status = 'interrupted'
      where status = ${started} and (tenant_id, seq) in (
        select tenant_id, seq from skill_calls
        where status = ${started} and node_id = ${node_id} limit ${sql.lit(limit - marked)}
      )`.execute(database.kysely);
    marked += Number(numAffectedRows ?? 0);
  }
  return marked;
}

/**
 * Deletes calls that began before a moment, the oldest of each tenant first, in steps. Where clocks disagree, a
 * call is kept a little longer rather than the log read through.
 */
export async function deleteCallsBefore(
  { kysely }: Database,
  startedAt: number,
  signal?: AbortSignal,
): Promise<number> {
  let deleted = 0;
  for (const { tenant_id } of await kysely.selectFrom("call_heads").select("tenant_id").execute()) {
    deleted += await inSteps(async () => {
      const { numDeletedRows } = await kysely
        .deleteFrom("skill_calls")
        .where("tenant_id", "=", tenant_id)
        .where("seq", "in", (eb) =>
          eb
            .selectFrom(
              eb
                .selectFrom("skill_calls")
                .select(["seq", "started_at"])
                .where("tenant_id", "=", tenant_id)
                .orderBy("seq")
                .limit(stepRows)
                .as("oldest"),
            )
            .select("oldest.seq")
            .where("oldest.started_at", "<", startedAt),
        )
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    }, signal);
  }
  return deleted;
}

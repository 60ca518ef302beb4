import { sql } from "kysely";
import type { Database } from "#store/engine/database.js";
import { deleteInSteps } from "#store/engine/steps.js";

/** Deletes sessions, and links and redirects on their way, that ended before a moment. Better Auth leaves them. */
export async function deleteEndedSignIns(
  database: Database,
  before: number,
  signal?: AbortSignal,
): Promise<number> {
  const where = sql`expires_at < ${before}`;
  const sessions = await deleteInSteps(database, { table: "sessions", where }, signal);
  return sessions + (await deleteInSteps(database, { table: "verifications", where }, signal));
}

import type { Kysely } from "kysely";

/** The composite endpoint that a call was made for. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("skill_calls").addColumn("via", "text").execute();
}

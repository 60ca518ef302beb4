import type { Kysely } from "kysely";

/** Settings of connections, such as their host at the service, as a JSON object. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ["connections", "connect_attempts"]) {
    await db.schema
      .alterTable(table)
      .addColumn("settings", "text", (c) => c.notNull().defaultTo("{}"))
      .execute();
  }
}

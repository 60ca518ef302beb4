import type { Database } from "#store/database.js";
import { openPostgres } from "#store/postgres.js";
import { openSqlite } from "#store/sqlite.js";

/** PostgreSQL where a URL is given, else SQLite in `directory`. */
export async function openDatabase(options: {
  url?: string | undefined;
  directory: string;
  /** Told when others on this machine may open the folder. */
  warn?: (text: string) => void;
}): Promise<Database> {
  return options.url ? openPostgres(options.url) : openSqlite(options.directory, options.warn ?? (() => {}));
}

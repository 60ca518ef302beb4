import { StartupError } from "#core/startup-error.js";
import { storageTrouble } from "#core/storage-trouble.js";
import type { Database } from "#store/engine/database.js";
import { openPostgres } from "#store/engine/postgres.js";
import { openSqlite } from "#store/engine/sqlite.js";

/** PostgreSQL where a URL is given, else SQLite in `directory`. */
export async function openDatabase(options: {
  url?: string | undefined;
  directory: string;
  /** Told when others on this machine may open the folder. */
  warn?: (text: string) => void;
}): Promise<Database> {
  return tellTrouble(options, async () =>
    options.url ? openPostgres(options.url) : openSqlite(options.directory, options.warn ?? (() => {})),
  );
}

/** Does what is done with the database at the start: where it can keep nothing, one sentence says why. */
export async function tellTrouble<T>(
  { url, directory }: { url?: string | undefined; directory: string },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const trouble = error instanceof StartupError ? undefined : storageTrouble(error);
    if (trouble === undefined) throw error;
    const where = url ? "in PostgreSQL" : `in ${directory}`;
    throw new StartupError(`The database ${where} cannot be used: ${trouble}.`, { cause: error });
  }
}

import { StartupError } from "#core/startup-error.js";
import { storageFailure } from "#core/storage-failure.js";
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
  return explainStorageFailure(options, async () =>
    options.url ? openPostgres(options.url) : openSqlite(options.directory, options.warn ?? (() => {})),
  );
}

/** Does what is done with the database at the start: where it can keep nothing, one sentence says why. */
export async function explainStorageFailure<T>(
  { url, directory }: { url?: string | undefined; directory: string },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const failure = error instanceof StartupError ? undefined : storageFailure(error);
    if (failure === undefined) throw error;
    const where = url ? "in PostgreSQL" : `in ${directory}`;
    throw new StartupError(`The database ${where} cannot be used: ${failure}.`, { cause: error });
  }
}

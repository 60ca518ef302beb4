import { mkdirSync } from "node:fs";
import path from "node:path";
import { CompiledQuery, type DatabaseConnection, Kysely, SqliteDialect, SqliteDriver } from "kysely";
import LibSql from "libsql";
import { StartupError } from "#core/startup-error.js";
import type { Database, Prepared, Transaction, Value } from "#store/database.js";
import type { Tables } from "#store/tables.js";

const busyTimeoutMs = 5_000;

/**
 * SQLite in one file of the data directory, durable at every commit.
 *
 * Two handles: all writes take turns on one (Kysely's mutex), point reads of the call path have their own
 * and never wait. The process holds an exclusive lock on a file beside the database until it ends.
 */
export function openSqlite(directory: string): Database {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = takeLock(directory);
  const file = path.join(directory, "skillett.db");
  const writer = open(file);
  const reader = open(file);
  const kysely = new Kysely<Tables>({ dialect: new ImmediateSqliteDialect({ database: writer }) });
  const statements = new Map<string, LibSql.Statement>();

  function prepared(statement: string): LibSql.Statement {
    let found = statements.get(statement);
    if (!found) {
      found = writer.prepare(numbered(statement));
      statements.set(statement, found);
    }
    return found;
  }

  const transaction: Transaction = {
    async all<Row>(text: string, values: readonly Value[]) {
      const statement = prepared(text);
      if (statement.reader) return statement.all(...values) as Row[];
      statement.run(...values);
      return [];
    },
  };

  return {
    engine: "sqlite",
    kysely,
    prepare<Row>(text: string): Prepared<Row> {
      const statement = reader.prepare(numbered(text));
      return { get: async (...values) => statement.get(...values) as Row | undefined };
    },
    transact: (work) =>
      kysely.connection().execute(async () => {
        writer.exec("begin immediate");
        try {
          const result = await work(transaction);
          writer.exec("commit");
          return result;
        } catch (error) {
          if (writer.inTransaction) writer.exec("rollback");
          throw error;
        }
      }),
    exclusively: (work) => work(),
    enlist: async () => {},
    isAlive: async () => false,
    ping: async () => {
      reader.prepare("select 1").get();
    },
    close: async () => {
      await kysely.destroy();
      reader.close();
      lock.close();
    },
  };
}

function open(file: string): LibSql.Database {
  const database = new LibSql(file, { timeout: busyTimeoutMs });
  database.exec("pragma journal_mode = wal");
  database.exec("pragma synchronous = full");
  database.exec("pragma foreign_keys = on");
  return database;
}

/** An open transaction on a file of its own: the operating system frees it even after kill -9. */
function takeLock(directory: string): LibSql.Database {
  const lock = new LibSql(path.join(directory, "server.lock"), { timeout: 0 });
  try {
    lock.exec("begin exclusive");
    return lock;
  } catch (error) {
    lock.close();
    if ((error as { code?: string }).code !== "SQLITE_BUSY") throw error;
    throw new StartupError(
      `Another Skillett is already running on ${directory}. Stop it first, or give this one its own folder with --data.`,
    );
  }
}

/** SQLite's own spelling of numbered placeholders. */
function numbered(statement: string): string {
  return statement.replace(/\$(\d+)/g, "?$1");
}

/** Takes the write lock when a transaction begins: upgrading a read later fails when another process wrote. */
class ImmediateSqliteDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }
}

class ImmediateSqliteDialect extends SqliteDialect {
  readonly #database: LibSql.Database;

  constructor(config: { database: LibSql.Database }) {
    super(config as never);
    this.#database = config.database;
  }

  override createDriver(): SqliteDriver {
    return new ImmediateSqliteDriver({ database: this.#database } as never);
  }
}

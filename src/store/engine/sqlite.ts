import path from "node:path";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  Kysely,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import LibSql from "libsql";
import { StartupError } from "#core/startup-error.js";
import { createCheckpoints, maxLogBytes } from "#store/engine/checkpoints.js";
import type { Database, Prepared, SqlTransaction, Value } from "#store/engine/database.js";
import { prepareFolder } from "#store/engine/folder.js";
import { createLogSync, type LogSync } from "#store/engine/log-sync.js";
import { createTurns } from "#store/engine/named-mutex.js";
import { keepPrivate } from "#store/engine/private-files.js";
import type { Tables } from "#store/schema/tables.js";

const busyTimeoutMs = 5_000;
/** Files of a data folder that has been in use. */
const files = ["skillett.db", "skillett.db-wal", "skillett.db-shm", "server.lock", "master.key"];

/**
 * SQLite in one file of the data directory. A write is acknowledged when it is on the disk, but the event
 * loop never waits for the disk: commits go to the write-ahead log at once and are synced in the background,
 * many with one sync. The process holds an exclusive lock on a file beside the database until it ends.
 *
 * @param warn is told when others may open the folder
 * @see docs/decisions/0001-sqlite-one-writer.md
 */
export function openSqlite(directory: string, warn: (text: string) => void): Database {
  prepareFolder(directory, files);
  keepPrivate(directory, ["server.lock", "skillett.db"], warn);
  const lock = takeLock(directory);
  const file = path.join(directory, "skillett.db");
  const main = openFile(file);
  // Point reads of a call while a transaction is open on `main`: they must not see what may be rolled back.
  const aside = openFile(file);
  const log = createLogSync(`${file}-wal`, (bytes) => checkpoints.consider(bytes));
  const kysely = new Kysely<Tables>({ dialect: createDialect(() => new DurableSqliteDriver(main, log)) });
  const checkpoints = createCheckpoints(file, (work) => kysely.connection().execute(work));
  const [begin, commit] = [main.prepare("begin immediate"), main.prepare("commit")];
  const transaction = createTransaction(main);
  const inTurn = createTurns();
  let enlisted: number | undefined;

  return {
    engine: "sqlite",
    kysely,
    prepare<Row>(text: string): Prepared<Row> {
      const statement = main.prepare(numbered(text)).raw();
      const other = aside.prepare(numbered(text)).raw();
      const names = statement.columns().map(({ name }) => name);
      return {
        async all(...values) {
          const rows = (main.inTransaction ? other : statement).all(values) as unknown[][];
          return rows.map((columns) => toRow(names, columns) as Row);
        },
      };
    },
    transact(work) {
      return kysely.connection().execute(async () => {
        begin.run();
        try {
          const result = await work(transaction);
          commit.run();
          return result;
        } catch (error) {
          if (main.inTransaction) main.exec("rollback");
          throw error;
        }
      });
    },
    // One process has the folder to itself: taking turns within it is enough.
    locked: inTurn,
    exclusively: (work) => inTurn("start", work),
    enlist: async (nodeId) => {
      enlisted = nodeId;
    },
    // The lock keeps every other process out.
    isAlive: async (nodeId) => nodeId === enlisted,
    close: async () => {
      await checkpoints.close();
      await kysely.destroy();
      aside.close();
      await log.close();
      lock.close();
    },
  };
}

function openFile(file: string): LibSql.Database {
  const database = new LibSql(file, { timeout: busyTimeoutMs });
  database.exec("pragma journal_mode = wal");
  // Checkpoints sync by themselves; commits are synced by us before they are acknowledged.
  database.exec("pragma synchronous = normal");
  // A commit would bring a long log into the database itself, and hold the event loop as long as that takes.
  database.exec("pragma wal_autocheckpoint = 0");
  database.exec(`pragma journal_size_limit = ${maxLogBytes}`);
  database.exec("pragma foreign_keys = on");
  return database;
}

function createTransaction(database: LibSql.Database): SqlTransaction {
  const statements = new Map<string, LibSql.Statement>();
  const prepared = (text: string) => {
    let found = statements.get(text);
    if (!found) {
      found = database.prepare(numbered(text));
      statements.set(text, found);
    }
    return found;
  };
  return {
    async all<Row>(text: string, values: readonly Value[]) {
      const statement = prepared(text);
      if (statement.reader) return statement.all(values) as Row[];
      statement.run(values);
      return [];
    },
  };
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

/** The driver hands over lists much faster than objects. */
function toRow(names: string[], columns: unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (let at = 0; at < names.length; at++) row[names[at]!] = columns[at];
  return row;
}

/** SQLite's own spelling of numbered placeholders. */
function numbered(statement: string): string {
  return statement.replace(/\$(\d+)/g, "?$1");
}

/** Kysely's driver, but what it has written is durable before anybody hears of it. */
class DurableSqliteDriver extends SqliteDriver {
  readonly #database: LibSql.Database;
  readonly #changes: LibSql.Statement;
  readonly #log: LogSync;
  #synced = 0;

  constructor(database: LibSql.Database, log: LogSync) {
    super({ database: database as unknown as SqliteDatabase });
    this.#database = database;
    this.#changes = database.prepare("select total_changes()").raw();
    this.#log = log;
  }

  /** Takes the write lock at once: upgrading a read later fails when another process wrote meanwhile. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  /** SQLite may have ended it by itself, such as on a full disk: what went wrong then is what is thrown. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection);
  }

  override async releaseConnection(): Promise<void> {
    const [count] = this.#changes.get() as [number];
    await super.releaseConnection();
    if (count === this.#synced) return;
    await this.#log.sync();
    this.#synced = Math.max(this.#synced, count);
  }
}

/** Has migrations run in a transaction: one that is broken off leaves nothing behind, and is begun again. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

function createDialect(createDriver: () => SqliteDriver): Dialect {
  return {
    createAdapter: () => new TransactionalSqliteAdapter(),
    createDriver,
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

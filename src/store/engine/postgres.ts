import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { StartupError } from "#core/startup-error.js";
import type { Database, Prepared, SqlTransaction, Value } from "#store/engine/database.js";
import { type AdvisoryLock, createPostgresLocks, nodeLock } from "#store/engine/postgres-locks.js";
import type { Tables } from "#store/schema/tables.js";

const maxConnections = 20;
const connectTimeoutMs = 5_000;

// Counts and times come as bigint; all of ours fit into a number.
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as "text"),
};

/** PostgreSQL, shared by any number of server processes. */
export async function openPostgres(url: string): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    types,
  });
  // A connection that breaks fails the query it serves and is replaced; without listeners it would end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  await checkConnection(pool);
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const nameOf = statementNames();
  const locks = createPostgresLocks(url);

  return {
    engine: "postgres",
    kysely,
    prepare<Row>(text: string): Prepared<Row> {
      const name = nameOf(text);
      return {
        all: async (...values) => (await pool.query({ name, text, values })).rows as Row[],
      };
    },
    transact: (work) => transact(pool, nameOf, work),
    locked: locks.locked,
    exclusively: (work) => locks.locked("start", work),
    enlist: (nodeId) => locks.keep(nodeLock(nodeId)),
    isAlive: (nodeId) => isLocked(pool, nodeLock(nodeId)),
    close: async () => {
      await locks.close();
      await kysely.destroy();
    },
  };
}

type NameOf = (statement: string) => string;

/** A lasting name for each statement, under which every connection prepares it once. */
function statementNames(): NameOf {
  const names = new Map<string, string>();
  return (statement) => {
    let name = names.get(statement);
    if (!name) {
      name = `skillett_${names.size + 1}`;
      names.set(statement, name);
    }
    return name;
  };
}

async function transact<T>(
  pool: pg.Pool,
  nameOf: NameOf,
  work: (transaction: SqlTransaction) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  const transaction: SqlTransaction = {
    all: async <Row>(text: string, values: readonly Value[]) => {
      const result = await client.query({ name: nameOf(text), text, values: [...values] });
      return result.rows as Row[];
    },
  };
  let broken: Error | undefined;
  try {
    await client.query("begin");
    const result = await work(transaction);
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Asked from another session than the one that may hold it here. */
async function isLocked(pool: pg.Pool, lock: AdvisoryLock): Promise<boolean> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query("select pg_try_advisory_lock($1, $2) as free", [...lock]);
    if (rows[0].free) await client.query("select pg_advisory_unlock($1, $2)", [...lock]);
    return !rows[0].free;
  } finally {
    client.release();
  }
}

async function checkConnection(pool: pg.Pool): Promise<void> {
  try {
    await pool.query("select 1");
  } catch (error) {
    await pool.end();
    throw new StartupError(`PostgreSQL cannot be used: ${reason(error)}. Check DATABASE_URL.`, {
      cause: error,
    });
  }
}

/** The server's own words, which never hold the password. */
function reason(error: unknown): string {
  const { code, message, errors } = error as { code?: string; message?: string; errors?: Error[] };
  if (code === "ECONNREFUSED") return "nothing listens there (connection refused)";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its host name does not resolve";
  return message || errors?.[0]?.message || "unknown reason";
}

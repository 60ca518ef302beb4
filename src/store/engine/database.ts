import type { Kysely, Transaction as KyselyTransaction } from "kysely";
import type { Tables } from "#store/schema/tables.js";

export type Engine = "sqlite" | "postgres";
export type Value = string | number | null;

/** A statement prepared once, for the path of a call; everything else goes through Kysely. */
export interface Prepared<Row> {
  all(...values: Value[]): Promise<Row[]>;
}

/** An open transaction, the first argument of every function that takes part in one. */
export type Transaction = KyselyTransaction<Tables>;

/** A transaction of statements in SQL, for the path of a call. */
export interface SqlTransaction {
  /** Placeholders are `$1`, `$2`, … on both engines. */
  all<Row>(statement: string, values: readonly Value[]): Promise<Row[]>;
}

/** The part of a database that an open transaction can stand in for, as `{ kysely: transaction }`. */
export interface Queryable {
  readonly kysely: Kysely<Tables>;
}

export interface Database extends Queryable {
  readonly engine: Engine;
  /** Placeholders are `$1`, `$2`, … on both engines. */
  prepare<Row>(statement: string): Prepared<Row>;
  /**
   * One durable transaction: when it resolves, what `work` wrote survives a power cut. On SQLite nothing
   * else of this process writes meanwhile.
   */
  transact<T>(work: (transaction: SqlTransaction) => Promise<T>): Promise<T>;
  /**
   * Runs `work` while nobody else, in any process on this database, runs work under the same name. Not for
   * the same name again inside of `work`, which would wait for itself.
   *
   * On PostgreSQL a server that breaks off lets go of the lock; `work` is not told, and ends by itself.
   */
  locked<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** `locked` for what is done at the start: migrations, keys, the first owner. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Marks this process as alive to others on the same database until it ends, however it ends. */
  enlist(nodeId: number): Promise<void>;
  /** Is the process that enlisted under this id still there? */
  isAlive(nodeId: number): Promise<boolean>;
  close(): Promise<void>;
}

import type { Database, Value } from "#store/engine/database.js";
import { type Columns, jsonRows } from "#store/engine/json-rows.js";

/** A point read of the call path: the row for a key, as it stands now. */
export type Lookup<Row> = (...key: Value[]) => Promise<Row | undefined>;

interface Waiter<Row> {
  resolve: (row: Row | undefined) => void;
  reject: (error: unknown) => void;
}

/**
 * Calls that come at the same moment share one statement; nothing is kept for the next moment.
 *
 * @param statement given the SQL of a table of keys, with the columns of `key` and `row_at`. It selects
 *   `row_at` and the row; where a key has several, the last one counts.
 */
export function createLookup<Row extends object>(
  database: Database,
  key: Columns,
  statement: (keys: string) => string,
): Lookup<Row> {
  const read = database.prepare<Row & { row_at: number }>(
    statement(`(${jsonRows[database.engine](key)}) as wanted`),
  );
  let waiting = new Map<string, Waiter<Row>[]>();

  async function flush(): Promise<void> {
    const batch = waiting;
    waiting = new Map();
    const callers = [...batch.values()];
    try {
      const found: Row[] = [];
      for (const row of await read.all(`[${[...batch.keys()].join(",")}]`)) found[row.row_at] = row;
      callers.forEach((all, at) => {
        for (const { resolve } of all) resolve(found[at]);
      });
    } catch (error) {
      for (const { reject } of callers.flat()) reject(error);
    }
  }

  return (...values) =>
    new Promise((resolve, reject) => {
      if (waiting.size === 0) setImmediate(flush);
      const name = JSON.stringify(values);
      const others = waiting.get(name);
      if (others) others.push({ resolve, reject });
      else waiting.set(name, [{ resolve, reject }]);
    });
}

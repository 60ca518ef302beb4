import { sql } from "kysely";
import type { Database } from "#store/engine/database.js";
import type { SealedColumn } from "#store/vault/sealed-columns.js";
import { boxPrefix } from "#store/vault/vault.js";

/** A box where it lies. */
export interface StoredBox {
  /** Values of the column's `key`, in order. */
  key: string[];
  box: string;
}

/** The boxes of sealed columns, by the data key they are under. */
export interface SealedBoxes {
  /** Those under other keys than this one, in order of their rows, after the row `after`. */
  notUnder(column: SealedColumn, keyId: string, after: string[] | undefined): Promise<StoredBox[]>;
  countNotUnder(column: SealedColumn, keyId: string): Promise<number>;
  isUsed(column: SealedColumn, keyId: string): Promise<boolean>;
  /** Durable when it resolves. A box that has changed meanwhile is left alone; answers how many had not. */
  replace(column: SealedColumn, boxes: { old: StoredBox; box: string }[]): Promise<number>;
}

export function createSealedBoxes({ kysely, transact }: Database): SealedBoxes {
  const under = ({ column }: SealedColumn, keyId: string) => {
    const prefix = boxPrefix(keyId);
    return sql<boolean>`substr(${sql.ref(column)}, 1, ${sql.lit(prefix.length)}) = ${prefix}`;
  };

  return {
    async notUnder(column, keyId, after) {
      const key = sql.join(column.key.map((name) => sql.ref(name)));
      const later = after ? sql`and (${key}) > (${sql.join(after)})` : sql``;
      const { rows } = await sql<Record<string, string>>`
        select ${key}, ${sql.ref(column.column)} as sealed from ${sql.table(column.table)}
        where not ${under(column, keyId)} ${later} order by ${key} limit ${sql.lit(column.pageRows)}`.execute(
        kysely,
      );
      return rows.map((row) => ({ key: column.key.map((name) => row[name]!), box: row.sealed! }));
    },
    async countNotUnder(column, keyId) {
      const { rows } = await sql<{ found: number }>`
        select count(*) as found from ${sql.table(column.table)} where not ${under(column, keyId)}`.execute(
        kysely,
      );
      return rows[0]!.found;
    },
    async isUsed(column, keyId) {
      const { rows } = await sql`
        select 1 from ${sql.table(column.table)} where ${under(column, keyId)} limit 1`.execute(kysely);
      return rows.length > 0;
    },
    replace: (column, boxes) =>
      transact(async ({ all }) => {
        const where = column.key.map((name, at) => `${name} = $${at + 3}`).join(" and ");
        const statement = `update ${column.table} set ${column.column} = $1
          where ${column.column} = $2 and ${where} returning 1 as replaced`;
        let replaced = 0;
        for (const { old, box } of boxes)
          replaced += (await all(statement, [box, old.box, ...old.key])).length;
        return replaced;
      }),
  };
}

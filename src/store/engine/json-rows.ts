import type { Engine } from "#store/engine/database.js";

/** Names of columns and their SQL types, in order. */
export type Columns = readonly (readonly [name: string, type: string])[];

export const columnNames = (columns: Columns) => columns.map(([name]) => name).join(", ");

/** SQL that reads `$1`, a JSON array of rows, as a table; `row_at` is a row's place in it, from 0. */
export const jsonRows: Record<Engine, (columns: Columns) => string> = {
  sqlite: (columns) =>
    `select key as row_at, ${columns.map(([name], at) => `value ->> ${at} as ${name}`).join(", ")} from json_each($1)`,
  postgres: (columns) =>
    `select ordinality - 1 as row_at, ${columns.map(([name, type], at) => `(value ->> ${at})::${type} as ${name}`).join(", ")} from json_array_elements($1::json) with ordinality`,
};

import { newUuid } from "#core/ids.js";
import type { Database } from "#store/engine/database.js";

/** More than a page of either engine: there has to be room for it. */
const filler = "x".repeat(16_384);

/**
 * Answers whether the database keeps what it is given, by giving it something: a full disk and a database that has
 * become read-only answer questions as before. Callers that ask meanwhile get the same answer.
 */
export function createProbe(database: Database): () => Promise<void> {
  let asking: Promise<void> | undefined;

  const probe = () =>
    database.transact(async (transaction) => {
      const id = newUuid();
      await transaction.all("insert into probes (id, filler) values ($1, $2)", [id, filler]);
      await transaction.all("delete from probes where id = $1", [id]);
    });

  return () => {
    asking ??= probe().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}

import { createHash, randomBytes } from "node:crypto";
import { StartupError } from "#core/startup-error.js";
import type { Database } from "#store/engine/database.js";
import type { DataKeyRow } from "#store/schema/tables.js";
import { decrypt, encrypt, keyBytes } from "#store/vault/cipher.js";

/** The keys that data is sealed with, as they lie in the database: wrapped by the master key. */

/** SECRET. */
export interface MasterKeys {
  masterKey: Buffer;
  /** The one before, when it is being replaced. */
  oldMasterKey?: Buffer | undefined;
}

/** From the oldest to the newest. */
export const dataKeysInOrder = `select id, wrapped, master_key_id, retired_at, created_at
  from data_keys order by created_at, id`;

/** Undefined when another master key wrapped it. */
export function unwrap(masterKey: Buffer, { id, wrapped, master_key_id }: DataKeyRow): Buffer | undefined {
  if (master_key_id !== masterKeyId(masterKey)) return undefined;
  try {
    return decrypt(masterKey, wrapped, id);
  } catch {
    return undefined;
  }
}

/** Makes a data key, newer than all others also when this machine's clock is behind, and answers with its id. */
export async function addDataKey({ kysely }: Database, masterKey: Buffer, now: number): Promise<string> {
  const { latest } = await kysely
    .selectFrom("data_keys")
    .select(({ fn }) => fn.max("created_at").as("latest"))
    .executeTakeFirstOrThrow();
  const id = `dk_${randomBytes(8).toString("hex")}`;
  await kysely
    .insertInto("data_keys")
    .values({
      id,
      ...wrap(masterKey, randomBytes(keyBytes), id),
      created_at: Math.max(now, Number(latest ?? 0) + 1),
    })
    .execute();
  return id;
}

/**
 * Has every data key wrapped by the master key; those of the old one are wrapped anew, all or none. Throws
 * when neither opens one of them.
 */
export async function rewrap(
  database: Database,
  rows: DataKeyRow[],
  { masterKey, oldMasterKey }: MasterKeys,
): Promise<void> {
  const rewrapped = rows.flatMap((row) => {
    if (unwrap(masterKey, row)) return [];
    const key = oldMasterKey && unwrap(oldMasterKey, row);
    if (!key) throw wrongMasterKey();
    return [{ id: row.id, ...wrap(masterKey, key, row.id) }];
  });
  if (rewrapped.length === 0) return;
  await database.transact(async ({ all }) => {
    for (const { id, wrapped, master_key_id } of rewrapped) {
      await all("update data_keys set wrapped = $1, master_key_id = $2 where id = $3", [
        wrapped,
        master_key_id,
        id,
      ]);
    }
  });
}

const wrap = (masterKey: Buffer, key: Buffer, id: string) => ({
  wrapped: encrypt(masterKey, key, id),
  master_key_id: masterKeyId(masterKey),
});

/** Tells master keys apart without saying anything about them. */
function masterKeyId(masterKey: Buffer): string {
  return createHash("sha256").update("skillett master key id").update(masterKey).digest("hex").slice(0, 16);
}

function wrongMasterKey(): StartupError {
  return new StartupError(
    "The master key is not the one this database was sealed with. Give the right one in SKILLETT_MASTER_KEY, or put back the file master.key; to replace it, give the new one in SKILLETT_MASTER_KEY and the one until now in SKILLETT_OLD_MASTER_KEY.",
  );
}

import { randomBytes } from "node:crypto";
import type { Database } from "#store/engine/database.js";
import { sealedRow } from "#store/vault/sealed-columns.js";
import type { Vault } from "#store/vault/vault.js";

/**
 * A SECRET of 256 random bits, hex, made at the first start and the same for all servers of one database. Runs
 * inside `Database.exclusively`.
 */
export async function serverSecret(
  { kysely }: Database,
  vault: Vault,
  name: string,
  now: number,
): Promise<string> {
  const row = await kysely
    .selectFrom("server_secrets")
    .selectAll()
    .where("name", "=", name)
    .executeTakeFirst();
  if (row) return vault.open(row.box, sealedRow.serverSecret(name));
  const secret = randomBytes(32).toString("hex");
  const box = vault.seal(secret, sealedRow.serverSecret(name));
  await kysely.insertInto("server_secrets").values({ name, box, created_at: now }).execute();
  return secret;
}

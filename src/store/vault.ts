import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { StartupError } from "#core/startup-error.js";
import type { Database } from "#store/database.js";

/**
 * SECRETS at rest. Every value is sealed with AES-256-GCM under a data key; data keys lie in the database,
 * wrapped by the master key, which does not. A box carries its key's id and is bound to the row it belongs
 * to: moved to another row it does not open.
 *
 * @see NIST SP 800-38D (GCM)
 */
export interface Vault {
  /** `row` names the row the box will lie in, such as `credentials/conn_1`. */
  seal(plaintext: string, row: string): string;
  /** Throws when the box was changed, moved, or sealed by a key that is gone. */
  open(box: string, row: string): string;
}

export const masterKeyBytes = 32;

export async function openVault(database: Database, masterKey: Buffer, now: number): Promise<Vault> {
  const rows = await database.kysely.selectFrom("data_keys").selectAll().orderBy("created_at").execute();
  const masterKeyId = keyId(masterKey);
  const keys = new Map<string, Buffer>();
  for (const row of rows) {
    if (row.master_key_id !== masterKeyId) throw wrongMasterKey();
    keys.set(row.id, unwrap(masterKey, row.wrapped, row.id));
  }
  const newest = rows.at(-1)?.id ?? (await addDataKey(database, masterKey, keys, now));

  return {
    seal: (plaintext, row) => `${newest}.${encrypt(keys.get(newest)!, Buffer.from(plaintext), row)}`,
    open(box, row) {
      const [id = "", sealed = ""] = split(box);
      const key = keys.get(id);
      if (!key) throw new Error(`sealed with data key ${id}, which this database does not have`);
      return decrypt(key, sealed, row).toString("utf8");
    },
  };
}

async function addDataKey(
  { kysely }: Database,
  masterKey: Buffer,
  keys: Map<string, Buffer>,
  now: number,
): Promise<string> {
  const id = `dk_${randomBytes(8).toString("hex")}`;
  const key = randomBytes(masterKeyBytes);
  const wrapped = encrypt(masterKey, key, id);
  await kysely
    .insertInto("data_keys")
    .values({ id, wrapped, master_key_id: keyId(masterKey), created_at: now })
    .execute();
  keys.set(id, key);
  return id;
}

function unwrap(masterKey: Buffer, wrapped: string, id: string): Buffer {
  try {
    return decrypt(masterKey, wrapped, id);
  } catch {
    throw wrongMasterKey();
  }
}

function wrongMasterKey(): StartupError {
  return new StartupError(
    "The master key is not the one this database was sealed with. Give the right one in SKILLETT_MASTER_KEY, or put back the file master.key.",
  );
}

/** Tells master keys apart without saying anything about them. */
function keyId(masterKey: Buffer): string {
  return createHash("sha256").update("skillett master key id").update(masterKey).digest("hex").slice(0, 16);
}

function encrypt(key: Buffer, plaintext: Buffer, associated: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(associated));
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]).toString(
    "base64url",
  );
}

function decrypt(key: Buffer, sealed: string, associated: string): Buffer {
  const bytes = Buffer.from(sealed, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(associated)).setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
}

function split(box: string): [string, string] {
  const dot = box.indexOf(".");
  return [box.slice(0, dot), box.slice(dot + 1)];
}

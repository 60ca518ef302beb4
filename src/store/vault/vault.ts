import { SkillettError } from "#core/errors.js";
import type { Database } from "#store/engine/database.js";
import { createGroupCommit } from "#store/engine/group-commit.js";
import type { DataKeyRow } from "#store/schema/tables.js";
import { decrypt, encrypt } from "#store/vault/cipher.js";
import { addDataKey, dataKeysInOrder, type MasterKeys, rewrap, unwrap } from "#store/vault/data-keys.js";

/**
 * SECRETS at rest. Every value is sealed with AES-256-GCM under a data key; data keys lie in the database,
 * wrapped by the master key, which does not. A box carries its key's id and is bound to the row it belongs
 * to: moved to another row it does not open.
 *
 * @see docs/decisions/0008-rotating-keys.md
 */
export interface Vault {
  /** Under the newest key known here. `row` names the row the box will lie in: @see sealedRow */
  seal(plaintext: string | Buffer, row: string): string;
  /** Rejects when the box was changed, moved, or sealed by a key that is gone. */
  open(box: string, row: string): Promise<string>;
  /** `open` for what was no text. */
  openBytes(box: string, row: string): Promise<Buffer>;
  /** Learns what other processes did to the keys. Rejects when the newest needs another master key. */
  reload(): Promise<void>;
  /** Makes a data key and seals with it from now on; answers with its id. */
  addKey(now: number): Promise<string>;
}

/** The beginning of every box under this data key. */
export const boxPrefix = (keyId: string) => `${keyId}.`;

/**
 * Runs inside `Database.exclusively`: the first start makes the first data key, and an old master key that is
 * given has its data keys wrapped anew by the new one.
 */
export async function openVault(database: Database, masterKeys: MasterKeys, now: number): Promise<Vault> {
  const { masterKey } = masterKeys;
  const stored = database.prepare<DataKeyRow>(dataKeysInOrder);
  await rewrap(database, await stored.all(), masterKeys);
  const keys = new Map<string, Buffer>();
  let newest = "";

  async function learn(): Promise<void> {
    const rows = await stored.all();
    for (const row of rows) {
      const key = keys.get(row.id) ?? unwrap(masterKey, row);
      if (key) keys.set(row.id, key);
    }
    // Data keys stay usable here after others have wrapped them by a new master key.
    newest = rows.findLast(({ id }) => keys.has(id))?.id ?? newest;
    const last = rows.at(-1);
    if (last && last.id !== newest) throw masterKeyReplaced();
  }

  // Requests that come while the keys are being read share the next read.
  const { write: reload } = createGroupCommit<void, void>(async (waiting) => {
    await learn();
    return waiting;
  });

  await learn();
  if (newest === "") {
    await addDataKey(database, masterKey, now);
    await learn();
  }

  async function openBytes(box: string, row: string): Promise<Buffer> {
    const [id, sealed] = split(box);
    // Another process may have made it meanwhile.
    if (!keys.has(id)) await reload();
    const key = keys.get(id);
    if (!key) throw new Error(`sealed with data key ${id}, which this database does not have`);
    return decrypt(key, sealed, row);
  }

  return {
    seal: (plaintext, row) => boxPrefix(newest) + encrypt(keys.get(newest)!, bytesOf(plaintext), row),
    open: async (box, row) => (await openBytes(box, row)).toString("utf8"),
    openBytes,
    reload,
    addKey: (at) =>
      // Nobody replaces the master key between the look and the insert.
      database.exclusively(async () => {
        const rows = await stored.all();
        if (rows.some((row) => !unwrap(masterKey, row))) throw masterKeyReplaced();
        const id = await addDataKey(database, masterKey, at);
        await reload();
        return id;
      }),
  };
}

const bytesOf = (plaintext: string | Buffer) =>
  typeof plaintext === "string" ? Buffer.from(plaintext) : plaintext;

function masterKeyReplaced(): SkillettError {
  return new SkillettError("internal", {
    message:
      "This server's master key has been replaced on another one. Restart it with the new SKILLETT_MASTER_KEY.",
  });
}

function split(box: string): [keyId: string, sealed: string] {
  const dot = box.indexOf(".");
  return [box.slice(0, dot), box.slice(dot + 1)];
}

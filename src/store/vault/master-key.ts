import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { StartupError } from "#core/startup-error.js";
import { createFile } from "#core/write-file.js";
import { keyBytes } from "#store/vault/cipher.js";

/** SECRET. 32 bytes in Base64 or hex; undefined when it is not that. */
export function parseMasterKey(text: string): Buffer | undefined {
  const hex = /^[0-9a-f]{64}$/i.test(text);
  const base64 = /^[A-Za-z0-9+/_-]{43}=?$/.test(text);
  if (!hex && !base64) return undefined;
  const key = Buffer.from(text, hex ? "hex" : "base64");
  return key.length === keyBytes ? key : undefined;
}

/**
 * The master key of a data directory (SECRET, mode 0600), made at the first start. Never made anew once
 * something has been sealed: that could not be opened any more.
 */
export function masterKeyFile(directory: string, somethingSealed: boolean): Buffer {
  const file = path.join(directory, "master.key");
  const text = read(file);
  if (text !== undefined) {
    const key = parseMasterKey(text.trim());
    if (key) return key;
    throw new StartupError(
      `${file} is not a master key: it must hold 32 bytes in Base64. Put the right file back.`,
    );
  }
  if (somethingSealed) {
    throw new StartupError(
      `The master key ${file} is gone, and the database holds credentials sealed with it. Put the file back, or give the key in SKILLETT_MASTER_KEY.`,
    );
  }
  return create(file);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new StartupError(`The master key ${file} cannot be read: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

function create(file: string): Buffer {
  const key = randomBytes(keyBytes);
  createFile(file, `${key.toString("base64")}\n`, 0o600);
  return key;
}

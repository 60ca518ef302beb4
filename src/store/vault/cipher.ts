import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** AES-256-GCM, in Base64url: nonce (12 bytes), ciphertext, tag (16 bytes). @see NIST SP 800-38D */

export const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** @param associated what the ciphertext is bound to, such as its row: it opens with the same text only */
export function encrypt(key: Buffer, plaintext: Buffer, associated: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(associated));
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]).toString(
    "base64url",
  );
}

/** Throws when the key or the associated data is another, or any byte was changed. */
export function decrypt(key: Buffer, sealed: string, associated: string): Buffer {
  const bytes = Buffer.from(sealed, "base64url");
  const nonce = bytes.subarray(0, nonceBytes);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(associated)).setAuthTag(bytes.subarray(-tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]);
}

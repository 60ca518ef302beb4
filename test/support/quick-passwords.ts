import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";
import type { PasswordHasher } from "#identity/auth.js";

const keyOf = (password: string, salt: Buffer) =>
  scryptSync(password.normalize("NFKC"), salt, 32, { N: 16, r: 1, p: 1 });

/** Salted scrypt, as in earnest, without the cost that is meant for guessers: tests guess, too, and by the hundred. */
export const quickPasswords: PasswordHasher = {
  hash: async (password) => {
    const salt = randomBytes(16);
    return [salt, keyOf(password, salt)].map((part) => part.toString("hex")).join(":");
  },
  verify: async ({ hash, password }) => {
    const [salt, key] = hash.split(":").map((part) => Buffer.from(part, "hex"));
    return salt !== undefined && key !== undefined && timingSafeEqual(key, keyOf(password, salt));
  },
};

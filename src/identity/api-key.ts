import { randomBytes } from "node:crypto";
import { sha256 } from "#core/digest.js";

const randomBytesOfKey = 20;
const prefixHexLength = 8;
const format = /^sk_[0-9a-f]{40}$/;

/** A new API key, `sk_` and 160 random bits in hex. SECRET: shown once, kept nowhere. */
export function newApiKey(): string {
  return `sk_${randomBytes(randomBytesOfKey).toString("hex")}`;
}

export function looksLikeApiKey(key: string): boolean {
  return format.test(key);
}

/** `sk_a1b2c3d4`: enough to tell keys apart, not to use them. */
export function keyPrefix(key: string): string {
  return key.slice(0, "sk_".length + prefixHexLength);
}

/** SHA-256, hex. Fast on purpose: the input is random, there is nothing to guess. */
export function hashToken(token: string): string {
  return sha256(token);
}

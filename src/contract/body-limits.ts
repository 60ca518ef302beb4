import type { Route } from "#contract/route.js";
import { archiveLimits } from "#core/archive-limits.js";

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

/**
 * How many bytes the body of a request may have. Longer ones are refused with `payload_too_large` before they are
 * read: whoever sends them would otherwise decide how long everybody else waits while they are parsed.
 */
export const bodyLimits = {
  /** Where nobody is signed in: forms and JSON of a few fields. */
  anonymous: 16 * kibibyte,
  usual: mebibyte,
  /** Params of a call may be files; so may those that reach `/mcp`, with a key that has been checked. */
  call: 10 * mebibyte,
  archive: archiveLimits.packedBytes,
};

/** Of a route of the contract. */
export function bodyLimitOf({
  auth,
  archive,
  bodyLimit,
}: Pick<Route, "auth" | "archive" | "bodyLimit">): number {
  if (archive) return bodyLimits.archive;
  return bodyLimit ?? (auth === "none" ? bodyLimits.anonymous : bodyLimits.usual);
}

/** A size in bytes for a person to read: `16 KiB`, `1 MiB`. */
export function inWords(bytes: number): string {
  return bytes < mebibyte ? `${bytes / kibibyte} KiB` : `${bytes / mebibyte} MiB`;
}

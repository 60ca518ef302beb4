import type { ApiKey } from "#web/api/api.js";
import { momentInWords } from "#web/format/moment.js";

/** Lifetimes of a new key, in days, by their labels; empty is without end. */
export const lifetimes = [
  ["30", "in 30 days"],
  ["90", "in 90 days"],
  ["365", "in a year"],
  ["", "never"],
] as const;

/** `days` from now as ISO 8601, the form of `expires_at`; undefined without an end. */
export function endIn(days: string, now: number): string | undefined {
  return days === "" ? undefined : new Date(now + Number(days) * 86_400_000).toISOString();
}

/** "sk_1a2b3c4d… · last used 22 Nov 2026, 19:05 · ends 1 Dec 2026, 19:05" */
export function standingOf(
  { key_prefix, last_used_at, expires_at }: Pick<ApiKey, "key_prefix" | "last_used_at" | "expires_at">,
  now: number,
): string {
  const used = last_used_at === null ? "never used" : `last used ${momentInWords(last_used_at)}`;
  if (expires_at === null) return `${key_prefix}… · ${used}`;
  const isOver = Date.parse(expires_at) <= now;
  return `${key_prefix}… · ${used} · ${isOver ? "ended" : "ends"} ${momentInWords(expires_at)}`;
}

/** Milliseconds since the epoch. Tests pass one they can set. */
export type Clock = () => number;

export const systemClock: Clock = Date.now;

export const minuteMs = 60_000;
export const dayMs = 86_400_000;

/** Start of the fixed window of `lengthMs` that `now` falls in; day windows start at midnight UTC. */
export function windowStart(now: number, lengthMs: number): number {
  return now - (now % lengthMs);
}

/** Whole seconds until that window ends, at least 1. */
export function secondsToNextWindow(now: number, lengthMs: number): number {
  return Math.ceil((windowStart(now, lengthMs) + lengthMs - now) / 1000);
}

/** ISO 8601 in UTC, as every answer shows times; `null` stays `null`. */
export function isoTime(ms: number): string;
export function isoTime(ms: number | null): string | null;
export function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

import type { Caller } from "#core/caller.js";
import { dayMs, minuteMs, secondsToNextWindow, windowStart } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import type { Counter } from "#store/calls.js";

/** A limit of the plan, as `RateLimit-Policy` names it. */
interface Quota {
  name: "minute" | "day";
  lengthMs: number;
  limit: number | null;
  bucket: string;
}

/** Per key and calendar minute, per profile and UTC day. */
function quotas({ keyId, profileId, plan }: Caller): Quota[] {
  return [
    { name: "minute", lengthMs: minuteMs, limit: plan.callsPerMinute, bucket: `key:${keyId}` },
    { name: "day", lengthMs: dayMs, limit: plan.callsPerDay, bucket: `profile:${profileId}` },
  ];
}

/** What a call of this caller takes one of, each; a minute without a limit is not worth counting. */
export function callCounters(caller: Caller, now: number): Counter[] {
  return quotas(caller)
    .filter(({ name, limit }) => name === "day" || limit !== null)
    .map(({ bucket, lengthMs, limit }) => ({
      tenantId: caller.tenantId,
      bucket,
      windowStart: windowStart(now, lengthMs),
      limit,
    }));
}

/** Today's counter of the profile. */
export function dayCounter(caller: Caller, now: number): Counter {
  return callCounters(caller, now).at(-1)!;
}

export function limitReached(caller: Caller, full: Counter, now: number): SkillettError {
  const quota = quotas(caller).find(({ bucket }) => bucket === full.bucket)!;
  return new SkillettError(quota.name === "day" ? "daily_limit_reached" : "rate_limit_reached", {
    facts: { limit: full.limit! },
    retryAfterSeconds: secondsToNextWindow(now, quota.lengthMs),
  });
}

/**
 * `RateLimit` and `RateLimit-Policy` for what the counters stand at; none where the plan has no limits.
 *
 * @see draft-ietf-httpapi-ratelimit-headers
 */
export function rateLimitHeaders(
  caller: Caller,
  used: Map<string, number>,
  now: number,
): Record<string, string> {
  const limited = quotas(caller).filter(({ limit }) => limit !== null);
  if (limited.length === 0) return {};
  return {
    "ratelimit-policy": limited
      .map(({ name, limit, lengthMs }) => `"${name}";q=${limit};w=${lengthMs / 1000}`)
      .join(", "),
    ratelimit: limited
      .map(({ name, limit, lengthMs, bucket }) => {
        const remaining = Math.max(0, limit! - (used.get(bucket) ?? 0));
        return `"${name}";r=${remaining};t=${secondsToNextWindow(now, lengthMs)}`;
      })
      .join(", "),
  };
}

import type { Caller, Principal } from "#core/caller.js";
import { dayMs, minuteMs, secondsToNextWindow, windowStart } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import type { CallRows, Counter } from "#store/call-rows.js";

/** A limit of the plan, as `RateLimit-Policy` names it. */
interface Quota {
  name: "minute" | "day";
  lengthMs: number;
  limit: number | null;
  bucket: string;
}

/** Per key and calendar minute, where agents and programs of a person share one; per profile and UTC day. */
function quotas(caller: Caller): Quota[] {
  const { minuteBucket, plan } = caller;
  return [
    { name: "minute", lengthMs: minuteMs, limit: plan.callsPerMinute, bucket: minuteBucket },
    dayQuota(caller),
  ];
}

function dayQuota({ profileId, plan }: Principal): Quota {
  return { name: "day", lengthMs: dayMs, limit: plan.callsPerDay, bucket: `profile:${profileId}` };
}

/** The counters that a call of this caller adds one to. A minute without a limit is not counted. */
export function callCounters(caller: Caller, now: number): Counter[] {
  return quotas(caller)
    .filter(({ name, limit }) => name === "day" || limit !== null)
    .map((quota) => toCounter(caller, quota, now));
}

/** Today's counter of the profile. */
export function dayCounter(principal: Principal, now: number): Counter {
  return toCounter(principal, dayQuota(principal), now);
}

function toCounter({ tenantId }: Principal, { bucket, lengthMs, limit }: Quota, now: number): Counter {
  return { tenantId, bucket, windowStart: windowStart(now, lengthMs), limit };
}

export function limitReached(caller: Caller, full: Counter, now: number): SkillettError {
  const quota = quotas(caller).find(({ bucket }) => bucket === full.bucket)!;
  return new SkillettError(quota.name === "day" ? "daily_limit_reached" : "rate_limit_reached", {
    facts: { limit: full.limit! },
    retryAfterSeconds: secondsToNextWindow(now, quota.lengthMs),
  });
}

/**
 * The headers `RateLimit` and `RateLimit-Policy` for the counters of a caller (`used`, in their order); none where
 * the plan has no limits.
 *
 * @see draft-ietf-httpapi-ratelimit-headers
 */
export function rateLimitHeaders(
  caller: Caller,
  counters: Counter[],
  used: number[],
  now: number,
): Record<string, string> {
  const limited = quotas(caller).filter(({ limit }) => limit !== null);
  if (limited.length === 0) return {};
  const usedOf = new Map(counters.map((counter, at) => [counter.bucket, used[at]]));
  return {
    "ratelimit-policy": limited
      .map(({ name, limit, lengthMs }) => `"${name}";q=${limit};w=${lengthMs / 1000}`)
      .join(", "),
    ratelimit: limited
      .map(({ name, limit, lengthMs, bucket }) => {
        const remaining = Math.max(0, limit! - (usedOf.get(bucket) ?? 0));
        return `"${name}";r=${remaining};t=${secondsToNextWindow(now, lengthMs)}`;
      })
      .join(", "),
  };
}

/** These headers for an answer that counts nothing: the counters are read, and only where there are limits. */
export async function currentRateLimit(
  calls: CallRows,
  caller: Caller,
  now: number,
): Promise<Record<string, string>> {
  const counters = callCounters(caller, now).filter(({ limit }) => limit !== null);
  if (counters.length === 0) return {};
  return rateLimitHeaders(caller, counters, await calls.used(counters), now);
}

import ipaddr from "ipaddr.js";
import type { Clock } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import type { ThrottleRows } from "#store/throttle-rows.js";

/** So many in a window of so many seconds, a day at the most; the window begins with the first. */
export interface ThrottleRule {
  max: number;
  windowSeconds: number;
}

/** Counts attempts in the database, so that guessers are slowed down by all servers together. */
export interface Throttle {
  /** Counts one, and tells whether it was one too many. */
  take(bucket: string, rule: ThrottleRule): Promise<{ allowed: boolean; retryAfterSeconds: number }>;
  /** Counts one; throws `rate_limit_reached` when it was one too many. */
  refuse(bucket: string, rule: ThrottleRule): Promise<void>;
  /** Takes one back that turned out not to count. */
  giveBack(bucket: string): Promise<void>;
  reset(bucket: string): Promise<void>;
}

export function createThrottle({ throttles, clock }: { throttles: ThrottleRows; clock: Clock }): Throttle {
  const take: Throttle["take"] = async (bucket, { max, windowSeconds }) => {
    const now = clock();
    const { used, windowStart } = await throttles.count(bucket, now, windowSeconds * 1000);
    const leftMs = windowStart + windowSeconds * 1000 - now;
    return { allowed: used <= max, retryAfterSeconds: Math.max(1, Math.ceil(leftMs / 1000)) };
  };
  return {
    take,
    async refuse(bucket, rule) {
      const { allowed, retryAfterSeconds } = await take(bucket, rule);
      if (allowed) return;
      throw new SkillettError("rate_limit_reached", {
        message: `Too many attempts. Try again in ${inWords(retryAfterSeconds)}.`,
        retryAfterSeconds,
      });
    },
    giveBack: (bucket) => throttles.uncount(bucket),
    reset: (bucket) => throttles.delete(bucket),
  };
}

function inWords(seconds: number): string {
  if (seconds === 1) return "a second";
  return seconds <= 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}

/**
 * The part of an address that names its owner, for a bucket: an IPv4 address, or the network of an IPv6 address,
 * since an owner of such a network has 2^64 addresses.
 */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  return `${(parsed as ipaddr.IPv6).parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(":")}::/64`;
}

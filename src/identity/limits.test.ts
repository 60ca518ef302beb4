import { expect, test } from "vitest";
import type { Caller } from "#core/caller.js";
import { type PlanName, plan } from "#core/plans.js";
import { callCounters, dayCounter, limitReached, rateLimitHeaders } from "#identity/limits.js";

const now = Date.UTC(2030, 0, 15, 12, 30, 15, 500);
const minute = Date.UTC(2030, 0, 15, 12, 30);
const day = Date.UTC(2030, 0, 15);

const caller = (name: PlanName): Caller => ({
  tenantId: "t",
  profileId: "p",
  minuteBucket: "key:k",
  keyId: "k",
  agentId: null,
  scopes: ["*"],
  keyExpiresAt: null,
  role: "owner",
  isOperator: true,
  catalogVersion: 0,
  plan: plan(name),
});

test("a call takes one of the key's minute and one of the person's day", () => {
  expect(callCounters(caller("free"), now)).toEqual([
    { tenantId: "t", bucket: "key:k", windowStart: minute, limit: 30 },
    { tenantId: "t", bucket: "profile:p", windowStart: day, limit: 10_000 },
  ]);
});

test("a plan without limits counts the day all the same, and not the minute", () => {
  const counters = callCounters(caller("unlimited"), now);
  expect(counters).toEqual([{ tenantId: "t", bucket: "profile:p", windowStart: day, limit: null }]);
  expect(dayCounter(caller("unlimited"), now)).toEqual(counters[0]);
});

test("a full counter says when it is empty again, in whole seconds", () => {
  const [ofMinute, ofDay] = callCounters(caller("free"), now);
  expect(limitReached(caller("free"), ofMinute!, now)).toMatchObject({
    code: "rate_limit_reached",
    retryAfterSeconds: 45,
  });
  expect(limitReached(caller("free"), ofDay!, now)).toMatchObject({
    code: "daily_limit_reached",
    retryAfterSeconds: 11 * 3_600 + 29 * 60 + 45,
  });
});

test("the wait at the very end of a window is one second, not none", () => {
  const [ofMinute] = callCounters(caller("free"), minute + 59_999);
  expect(limitReached(caller("free"), ofMinute!, minute + 59_999).retryAfterSeconds).toBe(1);
});

test("the headers say what is left, never less than nothing, and nothing without limits", () => {
  const used = [31, 9_999];
  expect(rateLimitHeaders(caller("free"), callCounters(caller("free"), now), used, now)).toEqual({
    "ratelimit-policy": '"minute";q=30;w=60, "day";q=10000;w=86400',
    ratelimit: '"minute";r=0;t=45, "day";r=1;t=41385',
  });
  expect(rateLimitHeaders(caller("unlimited"), callCounters(caller("unlimited"), now), [9_999], now)).toEqual(
    {},
  );
});

import { expect, it } from "vitest";
import { endIn, lifetimes, standingOf } from "#web/keys/text.js";

const now = Date.UTC(2026, 10, 22, 12);

it("a new key ends after as many days as were chosen, or not at all", () => {
  expect(lifetimes.map(([days]) => endIn(days, now))).toEqual([
    "2026-12-22T12:00:00.000Z",
    "2027-02-20T12:00:00.000Z",
    "2027-11-22T12:00:00.000Z",
    undefined,
  ]);
});

it("a key is shown by its first characters, its use and its end", () => {
  const key = { key_prefix: "sk_1a2b3c4d", last_used_at: null, expires_at: null };
  expect(standingOf(key, now)).toBe("sk_1a2b3c4d… · never used");
  const ended = standingOf({ ...key, last_used_at: key.expires_at, expires_at: "2026-11-22T11:00:00Z" }, now);
  expect(ended).toMatch(/ · never used · ended /);
  expect(standingOf({ ...key, last_used_at: "2026-11-22T11:00:00Z" }, now)).toMatch(/ · last used /);
  expect(standingOf({ ...key, expires_at: "2026-11-22T13:00:00Z" }, now)).toMatch(/ · ends /);
});

import { expect, test } from "vitest";
import { keyWarnings } from "#cli/account/key-warnings.js";

const now = Date.parse("2026-11-22T12:00:00.000Z");
const key = {
  id: "key_1",
  name: "laptop",
  scopes: ["*"],
  expires_at: null as string | null,
  revoked_at: null as string | null,
};
const agent = { ...key, agent_id: "agent_1" };

test("a person's own key and an agent's narrower one are nothing to warn of", () => {
  expect(keyWarnings([key, { ...agent, scopes: ["*:read", "github"] }], now)).toEqual([]);
});

test("an agent's key that may do everything is warned of, with the command for a narrower one", () => {
  expect(keyWarnings([agent], now)).toMatchObject([
    {
      message: expect.stringContaining("skillett keys revoke key_1"),
      next: "skillett keys create <name> --agent agent_1 --scopes *:read,github.create_issue",
    },
  ]);
});

test("a key that ends within a week is warned of, and one that has ended or was revoked is not", () => {
  const soon = "2026-11-29T12:00:00.000Z";
  expect(keyWarnings([{ ...key, expires_at: soon }], now)).toMatchObject([
    { message: expect.stringContaining(soon), next: "skillett keys create <name>" },
  ]);
  const silent = [
    { ...key, expires_at: "2026-11-29T12:00:00.001Z" },
    { ...key, expires_at: "2026-11-22T12:00:00.000Z" },
    { ...agent, revoked_at: "2026-11-21T12:00:00.000Z" },
  ];
  expect(keyWarnings(silent, now)).toEqual([]);
});

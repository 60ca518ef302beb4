import { expect, test } from "vitest";
import { keyInWords, keyWarning, mcpConfig, scopesTyped, versionInWords } from "#web/agents/text.js";

test.each([
  [null, "1.2.0", "version 1.2.0, the current one"],
  ["1.0.0", "1.2.0", "stays at version 1.0.0; the current one is 1.2.0"],
  ["1.2.0", "1.2.0", "stays at version 1.2.0, which is the current one"],
])("a skill pinned to %s of %s reads: %s", (pinnedVersion, currentVersion, words) => {
  expect(versionInWords({ pinnedVersion }, { currentVersion })).toBe(words);
});

test("a skill that is archived has no version to speak of", () => {
  expect(versionInWords({ pinnedVersion: null }, undefined)).toBe("archived: no agent gets it");
});

test("a key is known by its beginning, and says when it was used", () => {
  const key = {
    id: "key_1",
    name: "laptop",
    keyPrefix: "sk_1a2b3c4d",
    scopes: ["*"],
    profileId: "ada",
    lastUsedAt: null,
    expiresAt: null,
    revokedAt: null,
    createdAt: "2026-11-22T12:00:00.000Z",
  };
  expect(keyInWords(key)).toBe("sk_1a2b3c4d… · never used");
  const used = { ...key, lastUsedAt: "2026-11-22T12:00:00.000Z", expiresAt: "2027-11-22T12:00:00.000Z" };
  expect(keyInWords(used)).toMatch(/^sk_1a2b3c4d… · last used .*2026.* · ends .*2027/);
});

test.each([
  ["", undefined],
  [" , ", undefined],
  ["github:read", ["github:read"]],
  [" github:read, gmail.list_*\tslack ", ["github:read", "gmail.list_*", "slack"]],
])("scopes typed as “%s” are read as %j", (text, scopes) => {
  expect(scopesTyped(text)).toEqual(scopes);
});

test("the configuration of a client names this server, and no key", () => {
  const { mcpServers } = JSON.parse(mcpConfig("https://skills.example.com"));
  expect(mcpServers.skillett).toEqual({
    type: "http",
    url: "https://skills.example.com/mcp",
    headers: { Authorization: "Bearer $" + "{SKILLETT_API_KEY}" },
  });
});

const now = Date.parse("2026-11-22T12:00:00.000Z");
test.each([
  [["*:read"], null, undefined],
  [["github", "slack:read"], "2027-11-22T12:00:00.000Z", undefined],
  [["*"], null, "It may do everything"],
  [["*"], "2026-11-29T12:00:00.000Z", "It ends within a week"],
  [["*:read"], "2026-11-22T12:00:00.000Z", "It has ended"],
])("a key with %j that ends %s has the warning: %s", (scopes, expiresAt, words) => {
  const warning = keyWarning({ scopes, expiresAt }, now);
  if (words === undefined) expect(warning).toBeUndefined();
  else expect(warning).toContain(words);
});

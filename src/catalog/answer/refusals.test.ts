import { describe, expect, test } from "vitest";
import { lacksScope, refusesCredential } from "#catalog/answer/refusals.js";
import type { Integration } from "#catalog/integration.js";
import { loadCatalog } from "#catalog/load/load.js";
import { acme, withFiles } from "#support/catalog-fixtures.js";

const plain = load("");
const telling = load(`scope_missing:
  body:
    - error.code: [missing_scope]
    - error.errors.0.reason: [insufficient]
  headers: { granted: x-scopes, accepted: x-accepted }
`);

function load(more: string): Integration {
  const files = { ...acme, "acme/integration.yaml": acme["acme/integration.yaml"] + more };
  return withFiles(files, (dir) => loadCatalog({ dirs: [dir], baseUrls: {} })).integration("acme");
}

test("a credential is refused by 401, or as the integration says", () => {
  expect(refusesCredential(plain, { status: 401 }, undefined)).toBe(true);
  expect(refusesCredential(plain, { status: 200 }, { error: "bad_token" })).toBe(true);
  expect(refusesCredential(plain, { status: 403 }, { error: "other" })).toBe(false);
});

describe("a missing scope", () => {
  const challenge = (text: string | string[]) =>
    lacksScope(plain, { status: 403, headers: { "www-authenticate": text } }, undefined);

  test("a missing scope is seen by the challenge", () => {
    expect(challenge('Bearer realm="x", error="insufficient_scope", scope="a"')).toBe(true);
    expect(challenge('Bearer error="insufficient_scope"')).toBe(true);
    expect(challenge("Bearer error=insufficient_scope")).toBe(true);
    expect(challenge(["Basic", 'Bearer error="insufficient_scope"'])).toBe(true);
    expect(challenge('Bearer error="invalid_token"')).toBe(false);
    expect(challenge('Bearer error_description="insufficient_scope"')).toBe(false);
    expect(challenge('Bearer error="insufficient_scope_x"')).toBe(false);
  });

  test("a missing scope is seen by one of the bodies, whatever the status", () => {
    const lacks = (integration: Integration, body: unknown) =>
      lacksScope(integration, { status: 200, headers: {} }, body);
    expect(lacks(telling, { error: { code: "missing_scope" } })).toBe(true);
    expect(lacks(telling, { error: { errors: [{ reason: "insufficient" }] } })).toBe(true);
    expect(lacks(telling, { error: { code: "other" } })).toBe(false);
    expect(lacks(plain, { error: { code: "missing_scope" } })).toBe(false);
  });

  test.each<[number, string | undefined, string | undefined, boolean]>([
    [403, "gist, user", "repo", true],
    [404, "", "repo, public_repo", true],
    [404, "gist,repo", "public_repo, repo", false],
    [404, "gist", "", false],
    [404, "gist", undefined, false],
    [404, undefined, "repo", false],
    [422, "gist", "repo", false],
    [200, "gist", "repo", false],
  ])("a %i that grants %j and accepts %j lacks a scope: %j", (status, granted, accepted, missing) => {
    const answer = { status, headers: { "x-scopes": granted, "x-accepted": accepted } };
    expect(lacksScope(telling, answer, {})).toBe(missing);
    expect(lacksScope(plain, answer, {})).toBe(false);
  });
});

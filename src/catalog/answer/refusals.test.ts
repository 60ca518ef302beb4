import { describe, expect, test } from "vitest";
import { type AnswerHead, reasonOf } from "#catalog/answer/refusals.js";
import type { Integration } from "#catalog/integration.js";
import { loadCatalog } from "#catalog/load/load.js";
import { acme, withFiles } from "#support/catalog-fixtures.js";

const rules = `  - { class: scope, status: [403, 404], lacking: { granted: x-scopes, accepted: x-accepted } }
  - { class: scope, body: { error.code: missing_scope }, scopes: error.needs }
  - { class: dead, status: 403, text: [Invalid token, Token expired] }
  - { class: plan, status: 403, headers: { x-plan: [free, "trial*"] } }
  - { class: not_shared, status: 404, body: { code: [hidden, secret] } }
  - { class: rate, status: 400, body: { code: SLOW }, wait: 30 }
`;
const plain = load("");
const telling = load(rules);

function load(more: string): Integration {
  const refused = "refused: { present: [error], message: error }\n";
  const yaml = acme["acme/integration.yaml"]!.replace(
    "suggested_skills",
    `${more}${refused}suggested_skills`,
  );
  const files = { ...acme, "acme/integration.yaml": yaml };
  return withFiles(files, (dir) => loadCatalog({ dirs: [dir], baseUrls: {} })).integration("acme");
}

function classOf(integration: Integration, head: Partial<AnswerHead>, said?: unknown, text = "") {
  const answer = { status: 400, headers: {}, ...head, said, bytes: Buffer.from(text) };
  return reasonOf(integration, null, answer, answer.status < 400 && said !== undefined)?.class;
}

test.each<[number, AnswerHead["headers"], string | undefined]>([
  [401, {}, "dead"],
  [429, {}, "rate"],
  [403, { "retry-after": "7" }, "rate"],
  [403, { "x-ratelimit-remaining": "0" }, "rate"],
  [403, { ratelimit: '"day";r=9;t=5, "minute";r=0;t=9' }, "rate"],
  [403, { "x-ratelimit-remaining": "1" }, undefined],
  [403, {}, undefined],
  [404, {}, undefined],
  [500, { "retry-after": "7" }, undefined],
  [200, { "retry-after": "7" }, undefined],
])("a %i with %j is of class %s where the file says nothing", (status, headers, expected) => {
  expect(classOf(plain, { status, headers })).toBe(expected);
});

describe("a missing scope", () => {
  const challenge = (text: string | string[], status = 403) =>
    classOf(plain, { status, headers: { "www-authenticate": text } });

  test("a missing scope is seen by the challenge", () => {
    expect(challenge('Bearer realm="x", error="insufficient_scope", scope="a"')).toBe("scope");
    expect(challenge('Bearer error="insufficient_scope"', 401)).toBe("scope");
    expect(challenge("Bearer error=insufficient_scope")).toBe("scope");
    expect(challenge(["Basic", 'Bearer error="insufficient_scope"'])).toBe("scope");
    expect(challenge('Bearer error="invalid_token"')).toBeUndefined();
    expect(challenge('Bearer error_description="insufficient_scope"')).toBeUndefined();
    expect(challenge('Bearer error="insufficient_scope_x"')).toBeUndefined();
  });

  test("the scopes that a challenge or a body names are known", () => {
    const headers = { "www-authenticate": 'Bearer error="insufficient_scope", scope="a b"' };
    const bytes = Buffer.from("");
    expect(reasonOf(plain, null, { status: 403, headers, said: undefined, bytes }, false)?.scopes).toEqual([
      "a",
      "b",
    ]);
    for (const needs of ["x,y", "x y", ["x", "y"]]) {
      const said = { error: { code: "missing_scope", needs } };
      const reason = reasonOf(telling, null, { status: 403, headers: {}, said, bytes }, false);
      expect(reason).toEqual({ class: "scope", scopes: ["x", "y"], wait: null });
    }
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
    const head = { status, headers: { "x-scopes": granted, "x-accepted": accepted } };
    expect(classOf(telling, head)).toBe(missing ? "scope" : undefined);
    expect(classOf(plain, head)).toBeUndefined();
  });
});

test.each<[number, AnswerHead["headers"], unknown, string, string | undefined]>([
  [200, {}, { error: "gone" }, "", "dead"],
  [200, {}, { error: { code: "missing_scope" } }, "", "scope"],
  [200, {}, undefined, "", undefined],
  [403, {}, undefined, "invalid token", "dead"],
  [403, {}, { err: "Token expired" }, '{"err":"Token expired"}', "dead"],
  [403, {}, undefined, `${" ".repeat(5_000)}Invalid token`, undefined],
  [404, {}, undefined, "Invalid token", undefined],
  [403, { "x-plan": "free" }, undefined, "", "plan"],
  [403, { "x-plan": "trial of 2026" }, undefined, "", "plan"],
  [403, { "x-plan": "freedom" }, undefined, "", undefined],
  [404, {}, { code: "secret" }, "", "not_shared"],
  [404, {}, { code: "other" }, "", undefined],
  [400, {}, { code: "SLOW" }, "", "rate"],
])("a %i with %j, %j and the text %j is of class %s", (status, headers, said, text, expected) => {
  expect(classOf(telling, { status, headers }, said, text)).toBe(expected);
});

test("the first rule that applies counts, the endpoint's before the integration's", () => {
  const own = telling.refusals.find((rule) => rule.class === "not_shared")!;
  const first = { ...own, class: "plan" as const };
  const answer = { status: 404, headers: {}, said: { code: "hidden" }, bytes: Buffer.from("") };
  expect(reasonOf(telling, { refusals: [first] }, answer, false)?.class).toBe("plan");
  expect(reasonOf(telling, { refusals: [] }, answer, false)?.class).toBe("not_shared");
});

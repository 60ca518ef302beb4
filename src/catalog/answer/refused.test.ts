import { expect, test } from "vitest";
import { readRefusal, refusalRules } from "#catalog/answer/refusals.js";
import type { Endpoint, Integration } from "#catalog/integration.js";
import type { RefusedMatch } from "#catalog/refusal.js";

const refused = (match: Partial<RefusedMatch>): RefusedMatch => ({
  body: null,
  present: [],
  absent: [],
  message: ["error"],
  unknown: null,
  ...match,
});

test("a body that matches is a refusal, in the service's words", () => {
  const slack = refused({ body: { ok: [false] }, unknown: { error: ["fatal_error"] } });
  expect(readRefusal(slack, { ok: false, error: "no_such" })).toEqual({ message: "no_such", unknown: false });
  expect(readRefusal(slack, { ok: false, error: "fatal_error" })?.unknown).toBe(true);
  expect(readRefusal(slack, { ok: false })).toEqual({ message: undefined, unknown: false });
  for (const body of [{ ok: true, error: "warning" }, { ok: "false" }, [], "text", null, undefined])
    expect(readRefusal(slack, body)).toBeUndefined();
});

test("a body with something where errors stand is a refusal", () => {
  const graphql = refused({ present: ["errors"], message: ["errors.0.message"] });
  expect(readRefusal(graphql, { data: null, errors: [{ message: "Not there" }] })?.message).toBe("Not there");
  for (const errors of [undefined, null, [], "", false])
    expect(readRefusal(graphql, { errors })).toBeUndefined();
});

test("errors beside data are no refusal where the file says so, unless all of the data is null", () => {
  const graphql = refused({ present: ["errors"], absent: ["data"], message: ["errors.0.message"] });
  const errors = [{ message: "Not there" }];
  for (const data of [undefined, null, {}, { issue: null, team: null }])
    expect(readRefusal(graphql, { errors, data })?.message).toBe("Not there");
  for (const data of [{ issue: null, team: {} }, { count: 0 }, { done: false }, [1]])
    expect(readRefusal(graphql, { errors, data })).toBeUndefined();
});

test("the integration's own rules count before those of GraphQL, which count for GraphQL alone", () => {
  const own = refused({ body: { ok: [false] } });
  const withOwn = { refused: own } as Integration;
  const without = { refused: null } as Integration;
  const [graphql, other] = [{ isGraphql: true } as Endpoint, { isGraphql: false } as Endpoint];
  expect(refusalRules(withOwn, graphql)).toBe(own);
  expect(refusalRules(without, other)).toBeNull();
  const rules = refusalRules(without, graphql);
  expect(readRefusal(rules, { errors: [{ message: "No" }], data: null })).toEqual({
    message: "No",
    unknown: false,
  });
  expect(readRefusal(rules, { errors: [{ message: "No" }], data: { a: 1 } })).toBeUndefined();
});

test("a refusal has the first message there is, objects as JSON, cut at 1,000 characters", () => {
  const either = refused({ body: { ok: [false] }, message: ["message", "detail"] });
  expect(readRefusal(either, { ok: false, message: "", detail: { a: 1 } })?.message).toBe('{"a":1}');
  expect(readRefusal(either, { ok: false, message: "a".repeat(5_000) })?.message).toHaveLength(1_000);
  expect(readRefusal(either, { ok: false, message: `a${"🦊".repeat(5_000)}` })?.message).toBe(
    `a${"🦊".repeat(999)}`,
  );
});

import { expect, test } from "vitest";
import type { Integration, RefusedMatch } from "#catalog/integration.js";
import { readRefusal } from "#catalog/refusals.js";

const refused = (match: Partial<RefusedMatch>) =>
  ({
    refused: { body: null, present: [], message: ["error"], unknown: null, ...match },
  }) as unknown as Integration;

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

test("a refusal has the first message there is, objects as JSON, cut at 1,000 characters", () => {
  const either = refused({ body: { ok: [false] }, message: ["message", "detail"] });
  expect(readRefusal(either, { ok: false, message: "", detail: { a: 1 } })?.message).toBe('{"a":1}');
  expect(readRefusal(either, { ok: false, message: "a".repeat(5_000) })?.message).toHaveLength(1_000);
  expect(readRefusal(either, { ok: false, message: `a${"🦊".repeat(5_000)}` })?.message).toBe(
    `a${"🦊".repeat(999)}`,
  );
});

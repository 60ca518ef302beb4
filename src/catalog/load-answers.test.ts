import { expect, test } from "vitest";
import { acme, problemsIn } from "#support/catalog-fixtures.js";

const main = "acme/integration.yaml";
const endpoint = "acme/endpoints/items/list_items.md";

/** The rules of an integration's file about answers are checked, and a problem names its line. */
test.each([
  [
    main,
    "refused: { message: error }",
    "refused: says when: body for what the answer says, present for what it has",
  ],
  [main, "refused: { body: { ok: [] }, message: error }", "refused.body.ok: must"],
  [main, "refused: { body: { ok: false } }", "refused.message: is required"],
  [
    main,
    "refused: { body: { ok: false }, message: error, unkown: { a: b } }",
    "refused.unkown: is unknown. Did you mean unknown?",
  ],
  [main, "page: { coursor: next }", "page.coursor: is a param of no endpoint."],
  [main, "idempotency: { header: Idempotency-Key }", "idempotency.header: must match pattern"],
  [endpoint, "errors: { 4o4: Gone. }", "errors"],
  [endpoint, "errors: { 404: 7 }", "errors.404: must be a string"],
  [endpoint, "page: { coursor: next }", "page.coursor: is not in params"],
])("a problem in %s is reported with its line: %s", (file, line, expected) => {
  const before = file === main ? "suggested_skills:" : "returns: ";
  const text = acme[file]!;
  expect(text).toContain(before);
  const at = text.slice(0, text.indexOf(before)).split("\n").length;
  const found = problemsIn({ ...acme, [file]: text.replace(before, `${line}\n${before}`) });
  expect(found.join("\n")).toContain(`${file}:${at}: ${expected}`);
});

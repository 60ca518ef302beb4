import { expect, test } from "vitest";
import { acme, problemsIn } from "#support/catalog-fixtures.js";

const main = "acme/integration.yaml";
const endpoint = "acme/endpoints/items/list_items.md";

const rule = (list: string) => `refusals: [${list}]`;

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
  [main, rule("{ class: ded, status: 403 }"), "refusals.0.class: must be one of dead, scope"],
  [main, rule("{ class: dead }"), "refusals.0: says when: status, body, headers, text or lacking"],
  [main, rule("{ class: dead, status: [99] }"), "refusals.0.status.0: must be >= 200"],
  [main, rule("{ class: dead, status: four }"), "refusals.0.status: must be"],
  [main, rule("{ class: dead, status: 200, text: no }"), "refusals.0.status: below 400 is a refusal only"],
  [main, rule("{ class: dead, status: 403, txet: no }"), "refusals.0.txet: is unknown. Did you mean text?"],
  [main, rule("{ class: dead, body: { a: [] } }"), "refusals.0.body.a: must"],
  [main, rule("{ class: dead, headers: { X-A: b } }"), "refusals.0.headers.X-A: is not a valid name"],
  [main, rule("{ class: rate, status: 403, scopes: a }"), "refusals.0.scopes: is for class scope"],
  [main, rule("{ class: plan, status: 403, wait: 5 }"), "refusals.0.wait: is for class rate"],
  [main, rule("{ class: rate, status: 403, wait: 0 }"), "refusals.0.wait: must be >= 1"],
  [
    main,
    rule("{ class: plan, status: 403, lacking: { granted: a, accepted: b } }"),
    "refusals.0.lacking: is for class scope",
  ],
  [
    main,
    rule("{ class: plan, status: [402, 403] }, { class: dead, status: 403, text: no }"),
    "refusals.1: never applies: refusals.0 takes all of it before",
  ],
  [main, "rate_limit: { reset: { as: iso } }", "rate_limit.reset: stands in one place: say header or body"],
  [
    main,
    "rate_limit: { retry_after: [{ header: a, body: b }] }",
    "rate_limit.retry_after: stands in one place: say header or body",
  ],
  [main, "rate_limit: { reset: { header: a, as: days } }", "rate_limit.reset.as: must be one of seconds"],
  [endpoint, rule("{ class: dead }"), "refusals.0: says when"],
  [endpoint, rule("{ class: dead, status: 200, text: no }"), "refusals.0.status: below 400"],
  [main, "page: { coursor: next }", "page.coursor: is a param of no endpoint."],
  [main, "idempotency: { header: Idempotency-Key }", "idempotency.header: must match pattern"],
  [endpoint, "errors: { 4o4: Gone. }", "errors"],
  [endpoint, "errors: { 404: 7 }", "errors.404: must be a string"],
  [endpoint, "page: { coursor: next }", "page.coursor: is not in params"],
  [main, "page: { kind: offsets, param: page }", "page.kind: must be one of link_header, cursor"],
  [
    main,
    "page: { kind: cursor, params: { coursor: next } }",
    "page.params.coursor: is a param of no endpoint.",
  ],
  [main, "page: { kind: last_item, param: coursor }", "page.param: coursor is a param of no endpoint."],
  [main, "page: { kind: link_header }", "page: kind link_header needs param here"],
  [main, "page: { kind: next_url, url: next }", "page: kind next_url needs param here"],
  [main, "page: { next: [] }", "page.next: must be a string"],
  [main, "page: {}", "page: must NOT have fewer than 1 properties"],
  [main, "page: next", "page: must be an object"],
  [main, "items: a..b", "items: must match pattern"],
  [endpoint, "items: [a]", "items: must be a string"],
  [endpoint, "page: { kind: offset }", "page: kind offset needs param"],
  [endpoint, "page: { kind: cursor }", "page: kind cursor needs params"],
  [endpoint, "page: { kind: next_url }", "page: kind next_url needs url"],
  [endpoint, "page: { kind: next_url, url: a b }", "page.url: must match pattern"],
  [endpoint, "page: { kind: offset, param: start, limit: sise }", "page.param: start is not in params"],
  [endpoint, "page: { kind: link_header, total: count }", "page.total: is not for kind link_header"],
  [endpoint, "page: { kind: link_header, id: id }", "page.id: is not for kind link_header"],
  [endpoint, "page: { kind: link_header, more: a, last: b }", "page.last: contradicts more"],
  [endpoint, "page: { kind: link_header, mroe: a }", "page.mroe: is unknown. Did you mean more?"],
  [endpoint, "page: { kind: page, param: page, first: -1 }", "page.first: must be >= 0"],
])("a problem in %s is reported with its line: %s", (file, line, expected) => {
  const before = file === main ? "suggested_skills:" : "returns: ";
  const text = acme[file]!.replace(/^refusals:\n.*\n/m, "");
  expect(text).toContain(before);
  const at = text.slice(0, text.indexOf(before)).split("\n").length;
  const found = problemsIn({ ...acme, [file]: text.replace(before, `${line}\n${before}`) });
  expect(found.join("\n")).toContain(`${file}:${at}: ${expected}`);
});

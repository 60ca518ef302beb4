import fastJsonStringify from "fast-json-stringify";
import { describe, expect, test } from "vitest";
import { contract } from "#contract/contract.js";
import type { Route } from "#contract/route.js";
import type { SkillettError } from "#core/errors.js";
import { createSchemaCompiler } from "#core/schema-check.js";
import { createValidatorCompiler } from "#http/validation.js";

const schema = {
  type: "object",
  properties: { name: { type: "string" }, limit: { type: "integer" }, params: { type: "object" } },
};

function issues(httpPart: string, value: unknown): [at: string, message: string][] {
  const validate = createValidatorCompiler()({ schema, method: "POST", url: "/", httpPart } as never);
  const { error } = validate(value) as { error?: SkillettError };
  return (error?.issues ?? []).map(({ at, message }) => [at, message]);
}

describe("names that people read", () => {
  const bad = [
    "a\0b",
    "line\nbreak",
    "\x7f",
    "half a character \ud800",
    "\udc00 and the other half",
    "exe\u202egpj",
  ];
  for (const name of bad) {
    test.each([
      ["params", "path.name"],
      ["querystring", "query.name"],
      ["body", "name"],
    ])(`${JSON.stringify(name)} in %s is refused as a name`, (part, at) => {
      expect(issues(part, { name })).toEqual([[at, expect.stringMatching(/control|half|direction/)]]);
    });
  }

  test("any other text is accepted as a name", () => {
    expect(issues("body", { name: "Zoë 🦊 / ⌘ 👩\u200d🚀" })).toEqual([]);
  });
});

test("a text for a service may have any characters", () => {
  expect(issues("body", { params: { text: "line\nbreak \0" } })).toEqual([]);
});

test("a path, a query and headers take the type their schema names; a body does not", () => {
  expect(issues("querystring", { limit: "5" })).toEqual([]);
  expect(issues("body", { limit: "5" })).toEqual([["limit", "must be an integer, not a string"]]);
});

test("a value without a place of its own is the body", () => {
  expect(issues("body", [])).toEqual([["body", "must be an object, not an array"]]);
});

describe("the schemas of the contract", () => {
  const compile = createSchemaCompiler();
  const routes = Object.entries(contract as Record<string, Route>);

  test.each(routes)(
    "the schemas of %s are strict JSON Schema, although none is compiled at the start",
    (_, route) => {
      const { params, query, headers, body, reply } = route;
      expect(() => {
        for (const schema of [params, query, headers, body, reply.body]) if (schema) compile(schema);
        if (reply.body) fastJsonStringify(reply.body);
      }).not.toThrow();
    },
  );
});

import type { GraphQLSchema, IntrospectionQuery } from "graphql";
import { parse } from "graphql/language/parser.js";
import { buildASTSchema } from "graphql/utilities/buildASTSchema.js";
import { buildClientSchema } from "graphql/utilities/buildClientSchema.js";
import { isObject } from "#core/json-object.js";
import { parseText, unusable } from "#importer/read/parse.js";

/** Larger schemas are refused before they are made into objects. */
const maxTokens = 1_500_000;

/** Words that a schema in the language of GraphQL begins with, behind comments and descriptions. */
const definition = /^(schema|type|interface|union|enum|input|scalar|directive|extend)\s/;

/** Whether a text is a schema of GraphQL: in its language, or as the answer of an introspection. */
export function isGraphqlSchema(text: string): boolean {
  if (/^\s*\{/.test(text)) return /"__schema"\s*:/.test(text.slice(0, 2_000));
  return definition.test(withoutWords(text.slice(0, 20_000)));
}

function withoutWords(text: string): string {
  let rest = text.replace(/^\uFEFF/, "");
  for (let length = -1; length !== rest.length; ) {
    length = rest.length;
    rest = rest.trimStart().replace(/^#[^\n]*(\n|$)/, "");
    rest = rest.replace(/^"""[\s\S]*?"""/, "").replace(/^"(?!"")[^"\n]*"/, "");
  }
  return rest;
}

/**
 * @param text a schema in the language of GraphQL, or the answer of an introspection
 * @throws SkillettError `bad_request` when it is none
 * @see GraphQL specification, October 2021, §3 and §4
 */
export function readGraphqlSchema(text: string): GraphQLSchema {
  if (!/^\s*\{/.test(text))
    return build(() => buildASTSchema(parse(text, { maxTokens }), { assumeValidSDL: true }));
  const value = parseText(text);
  const data = isObject(value) && isObject(value.data) ? value.data : value;
  return build(() => buildClientSchema(data as unknown as IntrospectionQuery, { assumeValid: true }));
}

/** Types are looked up when they are needed, and so is what is wrong with them. */
export function build<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw unusable(`is no schema of GraphQL: ${(error as Error).message.slice(0, 300)}`);
  }
}

import type { FastifySchemaCompiler } from "fastify";
import { nameIssue, textIssue } from "#core/display-text.js";
import { badRequest } from "#core/errors.js";
import { type Check, createSchemaCompiler, type SchemaIssue } from "#core/schema-check.js";

/** How the parts of a request are called in an issue's `at`. */
const places: Record<string, string> = { querystring: "query", headers: "header", params: "path", body: "" };

/**
 * Bodies are checked as they are; path, query and headers are text and take the type their schema names. A schema is
 * compiled when the first value of its kind arrives, so that a start does not wait for routes that nobody asks for.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<object> {
  const asIs = createSchemaCompiler();
  const fromText = createSchemaCompiler({ coerceTypes: true });
  return ({ schema, httpPart = "body" }) => {
    let check: Check | undefined;
    return (value: unknown) => {
      check ??= (httpPart === "body" ? asIs : fromText)(schema);
      const issues = [...check(value), ...nameIssues(value, schema)];
      return issues.length === 0 ? { value } : { error: refusal(places[httpPart]!, issues) };
    };
  };
}

/**
 * Names and ids of our own are stored in the database and shown: not every engine can store every character, and some
 * characters mislead readers. Texts for a service stand deeper, and are checked by the endpoint's schema.
 */
function nameIssues(value: unknown, schema: object): SchemaIssue[] {
  const issues: SchemaIssue[] = [];
  for (const [name, text] of Object.entries(value ?? {})) {
    if (typeof text !== "string") continue;
    const message = mayHaveLines(schema, name) ? textIssue(text, true) : nameIssue(text);
    if (message !== null) issues.push({ path: [name], message });
  }
  return issues;
}

/** A field that is a text of a kind is no name. @see JSON Schema Validation §8.4 (contentMediaType) */
function mayHaveLines(schema: object, name: string): boolean {
  const { properties } = schema as { properties?: Record<string, { contentMediaType?: string }> };
  return properties?.[name]?.contentMediaType !== undefined;
}

function refusal(place: string, issues: SchemaIssue[]): Error {
  return badRequest(
    issues.map(({ path, message }) => ({
      at: [place, ...path].filter((step) => step !== "").join(".") || "body",
      message,
    })),
  );
}

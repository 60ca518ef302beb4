import type { FastifySchemaCompiler } from "fastify";
import { nameFault, textFault } from "#core/display-text.js";
import { badRequest } from "#core/errors.js";
import { createSchemaCompiler, type SchemaIssue } from "#core/schema-check.js";

/** How the parts of a request are called in an issue's `at`. */
const places: Record<string, string> = { querystring: "query", headers: "header", params: "path", body: "" };

/** Bodies are checked as they are; path, query and headers are text and take the type their schema names. */
export function createValidatorCompiler(): FastifySchemaCompiler<object> {
  const asIs = createSchemaCompiler();
  const fromText = createSchemaCompiler({ coerceTypes: true });
  return ({ schema, httpPart = "body" }) => {
    const check = (httpPart === "body" ? asIs : fromText)(schema);
    return (value: unknown) => {
      const faults = [...check(value), ...nameFaults(value, schema)];
      return faults.length === 0 ? { value } : { error: refusal(places[httpPart]!, faults) };
    };
  };
}

/**
 * Names and ids of our own are stored in the database and shown: not every engine can store every character, and some
 * characters mislead readers. Texts for a service stand deeper, and are checked by the endpoint's schema.
 */
function nameFaults(value: unknown, schema: object): SchemaIssue[] {
  const faults: SchemaIssue[] = [];
  for (const [name, text] of Object.entries(value ?? {})) {
    if (typeof text !== "string") continue;
    const message = mayHaveLines(schema, name) ? textFault(text, true) : nameFault(text);
    if (message !== null) faults.push({ path: [name], message });
  }
  return faults;
}

/** A field that is a text of a kind is no name. @see JSON Schema Validation §8.4 (contentMediaType) */
function mayHaveLines(schema: object, name: string): boolean {
  const { properties } = schema as { properties?: Record<string, { contentMediaType?: string }> };
  return properties?.[name]?.contentMediaType !== undefined;
}

function refusal(place: string, faults: SchemaIssue[]): Error {
  return badRequest(
    faults.map(({ path, message }) => ({
      at: [place, ...path].filter((step) => step !== "").join(".") || "body",
      message,
    })),
  );
}

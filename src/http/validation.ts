import type { FastifySchemaCompiler } from "fastify";
import { badRequest } from "#core/errors.js";
import { createSchemaCompiler, type Fault } from "#core/schema-check.js";

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
 * Names and ids of our own, which come to lie in the database: not every engine can hold every character.
 * What goes to a service stands deeper, and is judged by the endpoint's schema.
 */
function nameFaults(value: unknown, schema: object): Fault[] {
  return Object.entries(value ?? {}).flatMap(([name, text]) => {
    const message = typeof text === "string" ? textFault(text, mayHaveLines(schema, name)) : null;
    return message === null ? [] : [{ path: [name], message }];
  });
}

/** A field that is a text of a kind is no name. @see JSON Schema Validation §8.4 (contentMediaType) */
function mayHaveLines(schema: object, name: string): boolean {
  const { properties } = schema as { properties?: Record<string, { contentMediaType?: string }> };
  return properties?.[name]?.contentMediaType !== undefined;
}

/** Why a text cannot be one of ours; null when it can. `lines`: it may have several. */
export function textFault(text: string, lines = false): string | null {
  if (/\p{Control}/u.test(lines ? text.replace(/[\t\r\n]/g, "") : text)) {
    return `must not have ${lines ? "" : "line breaks or other "}control characters`;
  }
  return /\p{Surrogate}/u.test(text) ? "has half a character in it (a lone surrogate)" : null;
}

function refusal(place: string, faults: Fault[]): Error {
  return badRequest(
    faults.map(({ path, message }) => ({
      at: [place, ...path].filter((step) => step !== "").join(".") || "body",
      message,
    })),
  );
}

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
      const faults = check(value);
      return faults.length === 0 ? { value } : { error: refusal(places[httpPart]!, faults) };
    };
  };
}

function refusal(place: string, faults: Fault[]): Error {
  return badRequest(
    faults.map(({ path, message }) => ({
      at: [place, ...path].filter((step) => step !== "").join(".") || "body",
      message,
    })),
  );
}

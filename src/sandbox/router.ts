import type { InsideRequest } from "#core/inside-service.js";
import { type Check, createSchemaCompiler } from "#core/schema-check.js";
import { notFound, Refusal } from "#sandbox/answer.js";
import type { Given, Route } from "#sandbox/route.js";

/** The route of a request, and what it was given, checked. */
export type Found = { route: Route } & Omit<Given<unknown, unknown>, "now" | "wait">;

/**
 * Finds the route of a request.
 *
 * @throws Refusal where there is none, or the query or the body does not fit it
 */
export function createRouter(routes: readonly Route[]): (request: InsideRequest) => Found {
  const compileBody = createSchemaCompiler();
  // All values of a query are texts; a list may have one.
  const compileQuery = createSchemaCompiler({ coerceTypes: "array" });
  const table = routes.map((route) => ({
    route,
    pattern: toPattern(route.path),
    checkQuery: route.query && compileQuery(route.query),
    checkBody: route.body && compileBody(route.body),
  }));
  return ({ method, path, query, body }) => {
    const there = table.filter(({ pattern }) => pattern.test(path));
    if (there.length === 0) throw notFound("such path");
    const found = there.find(({ route }) => route.method === method);
    if (!found) throw new Refusal(405, "method_not_allowed", `${method} is not for ${path}.`);
    const { route, pattern, checkQuery, checkBody } = found;
    const [, ...ids] = pattern.exec(path)!;
    return {
      route,
      ids: ids.map(Number),
      query: checkQuery ? checked(toValues(query), checkQuery, "query") : {},
      body: checkBody ? checked(toJson(body), checkBody, "body") : null,
    };
  };
}

/** Numbers are as long as the database counts. */
function toPattern(path: string): RegExp {
  const parts = path.split("{}").map((part) => part.replaceAll(".", "\\."));
  return new RegExp(`^${parts.join("([1-9][0-9]{0,8})")}$`);
}

function toValues(query: URLSearchParams): Record<string, string | string[]> {
  const names = [...new Set(query.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const [first = "", ...more] = query.getAll(name);
      return [name, more.length > 0 ? [first, ...more] : first];
    }),
  );
}

function toJson(body: InsideRequest["body"]): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    throw new Refusal(400, "bad_json", "The body is no JSON.");
  }
}

function checked(value: unknown, check: Check, place: string): unknown {
  const issues = check(value);
  if (issues.length === 0) return value;
  const messages = issues.map(({ path, message }) => `${[place, ...path].join(".")} ${message}`);
  throw new Refusal(422, "invalid", messages.join("; ").replace(/\.?$/, "."));
}

import type { FastifyRequest } from "fastify";
import { nameIssue, textIssue } from "#core/display-text.js";
import { badRequest, type Issue } from "#core/errors.js";
import { parseJsonBody } from "#http/json-body.js";

/**
 * Any text in a request below `/auth` may be stored in the database or sent by mail: so it has no line breaks, NULs,
 * halves of characters or invisible characters, and its JSON is as strict as everywhere. Nobody reads passwords, so
 * they may have any character that can be stored.
 *
 * @throws bad_request
 */
export function refuseForeignText({ params, query, headers, body }: FastifyRequest): void {
  const issues = [
    ...issuesOf(params, "path"),
    ...issuesOf(query, "query"),
    ...(Buffer.isBuffer(body) && body.length > 0 ? issuesOf(fieldsOf(body, headers["content-type"])) : []),
  ];
  if (issues.length > 0) throw badRequest(issues);
}

/** The fields of a form or of JSON. The routes themselves refuse other types. */
function fieldsOf(body: Buffer, type = ""): unknown {
  if (/json/i.test(type)) return parseJsonBody(body);
  return /urlencoded/i.test(type) ? [...new URLSearchParams(body.toString())] : [];
}

function issuesOf(value: unknown, at = "body"): Issue[] {
  if (typeof value === "string") {
    const message = /password$/i.test(at) ? textIssue(value) : nameIssue(value);
    return message === null ? [] : [{ at, message }];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const message = nameIssue(name);
    // Not repeated: it could not be shown either.
    return message === null
      ? issuesOf(inner, `${at}.${name}`)
      : [{ at, message: `has a name that ${message}` }];
  });
}

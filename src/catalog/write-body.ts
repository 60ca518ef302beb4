import type { Endpoint } from "#catalog/integration.js";
import { messageParams, showMessage, writeMessage } from "#catalog/rfc822.js";
import { writePairs } from "#catalog/url.js";
import type { PlacedParam, Values } from "#catalog/values.js";
import { noteIssues } from "#catalog/values.js";
import { meant } from "#core/lenient.js";
import type { SchemaIssue } from "#core/schema-check.js";

export interface WrittenBody {
  /** Headers that describe the body, such as its type; empty without a body. */
  headers: Record<string, string>;
  body: string | null;
}

export type BodyWriter = (values: Values, issues: SchemaIssue[]) => WrittenBody;

const json = { "content-type": "application/json" };
const form = { "content-type": "application/x-www-form-urlencoded" };
const nothing: WrittenBody = { headers: {}, body: null };

/** Writes the body params the way the endpoint has it. An endpoint without any sends no body. */
export function createBodyWriter(endpoint: Endpoint, params: readonly PlacedParam[]): BodyWriter {
  if (params.length === 0) return () => nothing;
  if (endpoint.body === "form") {
    return (values, issues) => ({ headers: form, body: writePairs(params, values, issues) });
  }
  const writeFields = endpoint.body === "json" ? writeJson : writeRaw;
  return (values, issues) => {
    for (const { param } of params) noteIssues(param, values[param], issues);
    if (issues.length > 0) return nothing;
    const fields = writeFields(params, values, issues);
    const body = endpoint.bodyUnder === null ? fields : { [endpoint.bodyUnder]: fields };
    return { headers: json, body: JSON.stringify(body) };
  };
}

/** The email in the body of the request, to be read; undefined for an endpoint that sends none. */
export function messageOf(endpoint: Endpoint, params: unknown): string | undefined {
  if (endpoint.body !== "rfc822_message") return undefined;
  return showMessage(meant(endpoint.params, params) as Values);
}

function writeJson(params: readonly PlacedParam[], values: Values): Values {
  const fields: Values = {};
  for (const { param, name } of params) {
    if (values[param] !== undefined) fields[name] = values[param];
  }
  return fields;
}

function writeRaw(params: readonly PlacedParam[], values: Values, issues: SchemaIssue[]): Values {
  const message = writeMessage(values, issues);
  const others = params.filter(({ param }) => !messageParams.includes(param));
  return { raw: Buffer.from(message).toString("base64url"), ...writeJson(others, values) };
}

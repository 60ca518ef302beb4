import { type Endpoint, type EndpointFacts, isJsonBody } from "#catalog/integration.js";
import { FileFacts, type Pieces } from "#catalog/pieces.js";
import { createBodyTree, writePart } from "#catalog/request/body-tree.js";
import { type FilesByHandle, withFiles } from "#catalog/request/files.js";
import { writeJson } from "#catalog/request/json-pieces.js";
import { createMultipartWriter } from "#catalog/request/multipart.js";
import { contentOf, writeMediaType } from "#catalog/request/part.js";
import { showMessage } from "#catalog/request/rfc822.js";
import { createPairWriter } from "#catalog/request/url.js";
import type { PlacedParam, Values } from "#catalog/request/values.js";
import { noteIssues } from "#catalog/request/values.js";
import { meant } from "#core/lenient.js";
import type { SchemaIssue } from "#core/schema-check.js";

export interface WrittenBody {
  /** Headers that describe the body, such as its type; empty without a body. */
  headers: Record<string, string>;
  body: string | Buffer | Pieces | null;
}

export type BodyWriter = (values: Values, issues: SchemaIssue[]) => WrittenBody;

const json = { "content-type": "application/json" };
const form = { "content-type": "application/x-www-form-urlencoded" };
const nothing: WrittenBody = { headers: {}, body: null };

/** Writes the body params and constants the way the endpoint has it. An endpoint without any sends no body. */
export function createBodyWriter(endpoint: EndpointFacts, params: readonly PlacedParam[]): BodyWriter {
  const { constants } = endpoint;
  if (params.length === 0 && Object.keys(constants.body).length === 0) return () => nothing;
  if (endpoint.body === "form") {
    const write = createPairWriter(constants.body, params);
    return (values, issues) => ({ headers: form, body: write(values, issues) });
  }
  if (!isJsonBody(endpoint.body)) {
    const write = endpoint.body === "raw" ? createRawWriter(params[0]!) : createMultipart(endpoint, params);
    return (values, issues) => {
      for (const { param } of params) noteIssues(param, values[param], issues);
      return issues.length > 0 ? nothing : write(values, issues);
    };
  }
  const tree = createBodyTree(endpoint, params);
  return (values, issues) => {
    for (const { param } of params) noteIssues(param, values[param], issues);
    if (issues.length > 0) return nothing;
    const value = writePart(tree, values, issues);
    return value === undefined ? nothing : { headers: json, body: writeJson(value) };
  };
}

function createMultipart(endpoint: EndpointFacts, params: readonly PlacedParam[]): BodyWriter {
  const write = createMultipartWriter(endpoint, params);
  return (values, issues) => {
    const { contentType, body } = write(values, issues);
    return { headers: { "content-type": contentType }, body };
  };
}

/** The email in the body of the request, to be read; undefined for an endpoint that sends none. */
export function messageOf(endpoint: Endpoint, params: unknown, files: FilesByHandle): string | undefined {
  if (endpoint.body !== "rfc822_message") return undefined;
  return showMessage(withFiles(endpoint, meant(endpoint.params, params) as Values, files, []));
}

function createRawWriter({ param, part }: PlacedParam): BodyWriter {
  return (values, issues) => {
    if (values[param] === undefined) return nothing;
    const given = writeMediaType(part!, values, issues);
    const content = contentOf(part!, values[param], [param], issues);
    if (!(content instanceof FileFacts)) return rawBody(given ?? "application/octet-stream", content);
    return rawBody(given ?? content.mediaType, { pieces: [content] });
  };
}

const rawBody = (type: string, body: WrittenBody["body"]): WrittenBody => ({
  headers: { "content-type": type },
  body,
});

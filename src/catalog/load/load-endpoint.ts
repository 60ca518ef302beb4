import { basename, dirname } from "node:path/posix";
import type { Example } from "#catalog/example.js";
import type { EndpointFrontMatter, ParamFrontMatter } from "#catalog/front-matter.js";
import type { Endpoint, EndpointFacts, Part, Placement } from "#catalog/integration.js";
import { consequencesOf } from "#catalog/load/consequences.js";
import { constantIssues } from "#catalog/load/constant-rules.js";
import { checkEndpoint } from "#catalog/load/endpoint-rules.js";
import { toAnswerFile } from "#catalog/load/file-rules.js";
import { toRepeatGuard } from "#catalog/load/guard-rules.js";
import { toRefusals } from "#catalog/load/load-refusals.js";
import { toView } from "#catalog/load/load-view.js";
import { toPaging } from "#catalog/load/paging-rules.js";
import type { Source } from "#catalog/load/source.js";
import type { Names } from "#catalog/names.js";
import { endpointNotes } from "#catalog/page.js";
import { splitPath } from "#catalog/request/path-template.js";
import type { HttpMethod, ParamSchema, ParamsSchema } from "#catalog/schema.js";
import { takesFiles } from "#core/file-handle.js";
import type { Check } from "#core/schema-check.js";

export interface LoadedEndpoint {
  endpoint: Endpoint;
  source: Source;
}

/** An endpoint file whose front matter is YAML. */
export interface EndpointFile {
  source: Source;
  /** The text after the front matter. */
  body: string;
}

/** Reads an endpoint file with a request. Notes every problem; null when too much is wrong to go on. */
export function loadEndpoint({ source, body }: EndpointFile, check: Check): LoadedEndpoint | null {
  const { file } = source;
  const issues = [...check(source.value)];
  const matter = source.value as EndpointFrontMatter;
  if (issues.length === 0) issues.push(...constantIssues(matter));
  for (const { path, message } of issues) source.report(path, message);
  if (issues.length > 0) return null;
  const facts = buildEndpoint(file, matter);
  checkEndpoint(facts, matter, source);
  return finish(facts, { source, body });
}

/** The endpoint with the words of its author. */
export function finish(facts: EndpointFacts, { source, body }: EndpointFile): LoadedEndpoint {
  if (body === "") source.report([], "has no text after the front matter: give the reader some advice");
  return {
    endpoint: { ...facts, notes: endpointNotes(facts, body) },
    source,
  };
}

/** The facts that follow from where the file lies: `github/endpoints/issues/create_issue.md`. */
export function placeOf(file: string): Pick<EndpointFacts, "integration" | "name" | "resource" | "file"> {
  const [integration = ""] = file.split("/");
  return { integration, name: basename(file, ".md"), resource: basename(dirname(file)), file };
}

export function namesOf({
  formerly = [],
  deprecated,
}: Pick<EndpointFrontMatter, "formerly" | "deprecated">): Names {
  return {
    formerly,
    deprecated: deprecated ? { on: null, instead: null, text: null, ...deprecated } : null,
  };
}

/** An endpoint as its front matter has it. @param file `github/endpoints/issues/create_issue.md` */
export function buildEndpoint(file: string, matter: EndpointFrontMatter): EndpointFacts {
  const [method, path] = matter.request.split(" ") as [HttpMethod, string];
  const inPath = new Set(splitPath(path).names);
  const params = Object.entries(matter.params ?? {});
  return {
    ...placeOf(file),
    summary: matter.summary,
    method,
    base: matter.base ?? null,
    path,
    effect: matter.effect,
    ...consequencesOf(matter),
    scopes: matter.scopes,
    returns: matter.returns,
    errors: matter.errors ?? {},
    refusals: toRefusals(matter.refusals),
    asks: matter.asks ?? [],
    ...namesOf(matter),
    page: toPaging(matter.page),
    items: matter.items ?? null,
    views: matter.views ? { readable: toView(matter.views.readable) } : {},
    answerFile: matter.file ? toAnswerFile(matter.file) : null,
    repeatGuard: toRepeatGuard(matter.idempotency),
    params: paramsSchema(params, inPath),
    placements: mapValues(params, (param, name) => placementOf(name, param, matter, inPath)),
    bodyRoot: matter.body_root ?? null,
    ...bodyOf(matter),
    example: matter.example as Example,
    tool: null,
    composite: null,
  };
}

/** @param inPath names of params that stand in the path of the request */
export function paramsSchema(
  params: [name: string, param: ParamFrontMatter][],
  inPath: ReadonlySet<string> = new Set(),
): ParamsSchema {
  return {
    type: "object",
    properties: mapValues(params, schemaOf),
    required: params.filter(([name, param]) => isRequired(param, inPath.has(name))).map(([name]) => name),
    additionalProperties: false,
  };
}

function bodyOf({ body = "json", body_under: under, graphql, constants }: EndpointFrontMatter) {
  const parts = { body: {}, query: {}, headers: {}, ...constants };
  if (graphql === undefined) return { body, bodyUnder: under ?? null, isGraphql: false, constants: parts };
  // @see GraphQL over HTTP, Request Parameters
  const withQuery = { ...parts, body: { query: graphql.trim(), ...parts.body } };
  return { body: "json" as const, bodyUnder: "variables", isGraphql: true, constants: withQuery };
}

function schemaOf(param: ParamFrontMatter): ParamSchema {
  const {
    in: place,
    as: name,
    segments,
    array,
    lines,
    style,
    encode,
    encoding,
    media_type,
    filename,
    accept,
    max_bytes,
    ...schema
  } = param;
  const encoded = encoding === "base64" ? { ...schema, contentEncoding: encoding } : schema;
  const lifted = liftRequired(encoded as ParamSchema);
  // The standard's word for it, which the command line reads. @see JSON Schema Validation §8.4
  return lines ? { ...lifted, items: { ...lifted.items, contentMediaType: "text/plain" } } : lifted;
}

/** Turns `required: true` of a field into the `required` list of its object, at any depth. */
function liftRequired({ required, ...schema }: ParamSchema): ParamSchema {
  const { properties, items } = schema;
  const fields = Object.entries(properties ?? {});
  const listed = Array.isArray(required) ? required : [];
  const names = [...listed, ...fields.filter(([, field]) => field.required === true).map(([name]) => name)];
  return {
    ...schema,
    ...(properties && { properties: mapValues(fields, liftRequired) }),
    ...(items && { items: liftRequired(items) }),
    ...(names.length > 0 && { required: names }),
  };
}

function mapValues<T, U>(entries: [string, T][], change: (value: T, name: string) => U): Record<string, U> {
  return Object.fromEntries(entries.map(([name, value]) => [name, change(value, name)]));
}

function isRequired(param: ParamFrontMatter, inPath: boolean): boolean {
  return param.required === true || (inPath && !("default" in param));
}

function placementOf(
  name: string,
  param: ParamFrontMatter,
  matter: EndpointFrontMatter,
  inPath: ReadonlySet<string>,
): Placement {
  const elsewhere = /^(GET|DELETE) /.test(matter.request) ? "query" : "body";
  const place = inPath.has(name) ? "path" : (param.in ?? elsewhere);
  return {
    in: place,
    name: param.as ?? name,
    segments: param.segments ?? 1,
    array: param.array ?? (param.style === "brackets" ? "brackets" : "repeat"),
    style: param.style ?? null,
    encode: param.encode ?? null,
    part: place === "body" ? partOf(param, matter) : null,
    file: takesFiles(param as ParamSchema)
      ? { accept: param.accept ?? [], maxBytes: param.max_bytes ?? null }
      : null,
  };
}

function partOf(param: ParamFrontMatter, { body, media_type: type }: EndpointFrontMatter): Part | null {
  if (body === "raw") return { mediaType: type ?? null, filename: null, encoding: param.encoding ?? "text" };
  if (body !== "multipart") return null;
  const { media_type: mediaType = null, filename = null, encoding = "text" } = param;
  // @see RFC 6839 §3.1 for `+json`
  const isJson = mediaType !== null && /^[^{}]+[/+]json(;|$)/.test(mediaType);
  return { mediaType, filename, encoding: isJson ? "json" : encoding };
}

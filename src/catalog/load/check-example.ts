import { hash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { ExampleRequest } from "#catalog/example.js";
import type { Endpoint, EndpointFacts, Integration, RequestPlan } from "#catalog/integration.js";
import { checkAnswer } from "#catalog/load/check-answer.js";
import { guardIssues } from "#catalog/load/guard-rules.js";
import { readContent, readParts } from "#catalog/load/read-parts.js";
import { FileFacts, joinPieces } from "#catalog/pieces.js";
import { createPlanner } from "#catalog/request/plan.js";
import type { ParamSchema } from "#catalog/schema.js";
import { baseUrlOf } from "#catalog/settings.js";
import { SkillettError } from "#core/errors.js";
import type { Check, Path, SchemaIssue } from "#core/schema-check.js";
import { didYouMean } from "#core/suggest.js";

/**
 * The golden check of an endpoint: its param schemas are strict JSON Schema, its defaults are valid, its example
 * plans to exactly what the file says is sent, and its answer has what the file reads. Returns issues with paths into the front matter.
 *
 * Compiling every schema takes seconds for a large catalogue. So a test does it for the integrations we ship,
 * and only folders from elsewhere are checked at start.
 */
export function checkExample(
  integration: Integration,
  endpoint: Endpoint,
  compile: (schema: object) => Check,
): SchemaIssue[] {
  const schemaIssues = checkSchemas(endpoint, compile);
  if (schemaIssues.length > 0) return schemaIssues;
  // A base URL that there is not has been reported.
  if (endpoint.base !== null && !Object.hasOwn(integration.baseUrls, endpoint.base)) return [];
  const issues = guardIssues(endpoint, compile);
  if (issues.length > 0) return issues;
  try {
    const { params, sends } = endpoint.example;
    const { facts, bytesOf } = exampleFiles(endpoint);
    const plan = createPlanner(integration, endpoint, compile(endpoint.params))(params, facts);
    const actual = sent(integration, endpoint, plan, bytesOf);
    return [...compare(sends, actual, ["example", "sends"]), ...checkAnswer(endpoint)];
  } catch (error) {
    return issuesOf(error);
  }
}

/** The files of the example, by handle, and their bytes. */
export function exampleFiles({ example }: Pick<EndpointFacts, "example">): {
  facts: Map<string, FileFacts>;
  bytesOf: (file: FileFacts) => Buffer;
} {
  const facts = new Map<string, FileFacts>();
  const contents = new Map<string, Buffer>();
  for (const [id, { name, media_type, text, base64 }] of Object.entries(example.files ?? {})) {
    const bytes = base64 === undefined ? Buffer.from(text ?? "") : Buffer.from(base64, "base64");
    const sha256 = hash("sha256", bytes, "hex");
    facts.set(id, new FileFacts({ id, name, mediaType: media_type, size: bytes.length, sha256 }));
    contents.set(id, bytes);
  }
  return { facts, bytesOf: ({ id }) => contents.get(id)! };
}

/** The issues of an example that was refused. */
export function issuesOf(error: unknown): SchemaIssue[] {
  if (!(error instanceof SkillettError)) throw error;
  return (error.issues ?? []).map(({ at, message }) => ({ path: ["example", ...at.split(".")], message }));
}

/** Issues of the schemas of the params, and of their defaults. Compiling is what takes time: it is done once for all. */
export function checkSchemas({ params }: Endpoint, compile: (schema: object) => Check): SchemaIssue[] {
  const properties = Object.entries(params.properties);
  const usual = properties.filter(([, schema]) => "default" in schema);
  try {
    const issues = compile({ ...params, required: [] })(
      Object.fromEntries(usual.map(([name, schema]) => [name, schema.default])),
    );
    return issues.map(({ path: [name = ""], message }) => ({ path: ["params", name, "default"], message }));
  } catch {
    return properties.flatMap(([name, schema]) => schemaIssues(["params", name], schema, compile));
  }
}

function schemaIssues(path: Path, schema: ParamSchema, compile: (schema: object) => Check): SchemaIssue[] {
  try {
    compile(schema);
    return [];
  } catch (error) {
    return [schemaIssue(path, schema, (error as Error).message)];
  }
}

function schemaIssue(path: Path, schema: ParamSchema, message: string): SchemaIssue {
  const keyword = /unknown keyword: "(.*)"/.exec(message)?.[1];
  if (keyword === undefined) return { path, message };
  const found = pathTo(keyword, schema) ?? [];
  const hint = keyword.includes(" ") ? " Quote texts that have a comma." : didYouMean(keyword, keywords);
  return { path: [...path, ...found], message: `is unknown.${hint}` };
}

const keywords =
  "required in as segments array style encode encoding media_type filename lines accept max_bytes type description enum const default items properties additionalProperties minimum maximum minLength maxLength minItems maxItems uniqueItems pattern format anyOf oneOf allOf".split(
    " ",
  );

function pathTo(key: string, value: unknown): Path | null {
  if (typeof value !== "object" || value === null) return null;
  if (Object.hasOwn(value, key)) return [key];
  for (const [step, inner] of Object.entries(value)) {
    const rest = pathTo(key, inner);
    if (rest) return [step, ...rest];
  }
  return null;
}

/** @param path where the example says what is sent */
export function compare(sends: ExampleRequest, actual: ExampleRequest, path: Path): SchemaIssue[] {
  const parts = new Set([...Object.keys(sends), ...Object.keys(actual)]) as Set<keyof ExampleRequest>;
  return [...parts].flatMap((part) => {
    const expected = part === "message" ? sends.message?.trimEnd() : sends[part];
    if (isDeepStrictEqual(expected, actual[part])) return [];
    const shown = actual[part] === undefined ? "nothing" : JSON.stringify(actual[part]);
    return [{ path: [...path, part], message: `the params make it ${shown}` }];
  });
}

/** A planned body with the bytes of its files. */
export function wholeBody(
  body: RequestPlan["body"],
  bytesOf?: (file: FileFacts) => Buffer,
): string | Buffer | null {
  const hasPieces = body !== null && typeof body === "object" && "pieces" in body;
  return hasPieces ? joinPieces(body.pieces, bytesOf) : body;
}

/** A planned request in the words of an example. */
export function sent(
  integration: Pick<Integration, "baseUrl" | "baseUrls">,
  endpoint: EndpointFacts,
  { body, ...plan }: RequestPlan,
  bytesOf?: (file: FileFacts) => Buffer,
): ExampleRequest {
  const whole = wholeBody(body, bytesOf);
  const [url = "", query] = plan.url.slice(baseUrlOf(integration, endpoint.base).length).split("?");
  const params = Object.values(endpoint.placements).filter((place) => place.in === "header");
  const names = [...Object.keys(endpoint.constants.headers), ...params.map(({ name }) => name)];
  const headers = Object.fromEntries(
    names.flatMap((name) => (Object.hasOwn(plan.headers, name) ? [[name, plan.headers[name]!]] : [])),
  );
  return {
    method: endpoint.method,
    url,
    ...(query ? { query: pairs(query) } : {}),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(whole === null ? {} : sentBody(endpoint, plan.headers["content-type"]!, whole)),
  };
}

function sentBody(endpoint: EndpointFacts, type: string, bytes: string | Buffer): Partial<ExampleRequest> {
  if (endpoint.body === "multipart") return { parts: readParts(type, Buffer.from(bytes)) };
  if (endpoint.body === "raw") return { raw: { media_type: type, ...readContent(Buffer.from(bytes)) } };
  const body = bytes.toString();
  if (endpoint.body === "form") return { form: pairs(body) };
  const json = JSON.parse(body);
  if (endpoint.tool) return { arguments: json.params.arguments ?? {} };
  if (endpoint.isGraphql) {
    const { query, variables, ...others } = json;
    return { variables, ...(Object.keys(others).length > 0 && { json: others }) };
  }
  if (endpoint.body === "json") return { json };
  const { [endpoint.bodyUnder ?? ""]: wrapped, ...beside } = json;
  const { raw, ...others } = wrapped ? { ...beside, ...wrapped } : beside;
  const message = Buffer.from(raw, "base64url").toString().replaceAll("\r\n", "\n").trimEnd();
  return { message, json: others };
}

function pairs(text: string): Record<string, string | string[]> {
  const search = new URLSearchParams(text);
  return Object.fromEntries(
    [...new Set(search.keys())].map((name) => {
      const values = search.getAll(name);
      return [name, values.length === 1 ? values[0]! : values];
    }),
  );
}

import type { ParamSchema } from "#catalog/schema.js";
import type { JsonObject } from "#core/json-object.js";
import { asObject, asText } from "#core/json-object.js";
import { createNaming, type Naming } from "#importer/naming/param-names.js";
import { type Operation, parametersOf } from "#importer/openapi/operations.js";
import { carryBody } from "#importer/openapi/request-body.js";
import { carrySchema, type SchemaContext } from "#importer/openapi/schema.js";
import { oneLine } from "#importer/text.js";
import { Unsupported } from "#importer/unsupported.js";
import type { Request } from "#importer/write/front-matter.js";

/** Headers that belong to the transport, or to the integration. */
const ownHeaders = new Set(
  (
    "accept content-type content-length authorization host connection user-agent cookie transfer-encoding upgrade " +
    "idempotency-key"
  ).split(" "),
);
const maxDescription = 300;
const maxName = 200;

/** Everything that a request is made of beside its operation. */
export interface RequestContext extends SchemaContext {
  /** Headers and names in the query that each request has anyway: `header x-api-key`, `query key`. */
  taken: ReadonlySet<string>;
}

/**
 * The request of an operation.
 *
 * @throws Unsupported for what it cannot be called without
 */
export function carryRequest(found: Operation, context: RequestContext): Request {
  const { method, path, operation } = found;
  const naming = createNaming();
  const all = parametersOf(found, context.references);
  const [plainPath, search = ""] = path.replace(/#.*$/, "").split("?");
  const request: Request = { path: carryPath(plainPath!, all, naming, context), params: naming.params };
  for (const [name, value] of new URLSearchParams(search)) addConstant(request, "query", name, value);
  for (const parameter of all) carryParameter(parameter, request, naming, context);
  const body = context.references.follow(operation.requestBody);
  if (Object.keys(asObject(body.content)).length === 0) return request;
  if (method !== "GET") Object.assign(request, carryBody(body, naming, context));
  else if (body.required === true) throw new Unsupported("a GET has no body, and this one requires it");
  else context.note("bodies of a GET");
  return request;
}

function carryPath(
  path: string,
  parameters: readonly JsonObject[],
  naming: Naming,
  context: RequestContext,
): string {
  const known = new Map(
    parameters.filter((it) => it.in === "path").map((it) => [asText(it.name), it] as const),
  );
  const names = new Map<string, string>();
  const written = path.replace(/\{(\+?)([^{}]*)\}/g, (_, plus: string, original: string) => {
    const before = names.get(original);
    if (before !== undefined) return `{${before}}`;
    const name = naming.nameFor(original, "path");
    names.set(original, name);
    const parameter = known.get(original) ?? {};
    const {
      default: _default,
      description,
      ...schema
    } = scalar(carrySchema(parameter.schema ?? parameter, context));
    const many = plus === "+" || parameter.allowReserved === true;
    naming.params[name] = {
      ...schema,
      required: true,
      ...(many ? { segments: "many" } : {}),
      description:
        oneLine(parameter.description, maxDescription) ||
        description ||
        `Part of the address: ${oneLine(original, 60)}`,
    };
    return `{${name}}`;
  });
  const sample = written.replace(/\{\w+\}/g, "x");
  if (!written.startsWith("/") || /[\s{}\p{Cc}\p{Cf}]|\/\/|\/\.{1,2}(\/|$)/u.test(sample)) {
    throw new Unsupported("the path has an empty segment, a space, or . or ..");
  }
  return written;
}

/** Credentials are none of an agent's business, even where a description has them among the params. */
const credentials = /^(access|oauth)[_-]?token$/i;

function carryParameter(
  parameter: JsonObject,
  request: Request,
  naming: Naming,
  context: RequestContext,
): void {
  const original = asText(parameter.name);
  const isRequired = parameter.required === true;
  const isHeader = parameter.in === "header";
  if (parameter.in === "path" || original === "") return;
  const name = isHeader ? original.toLowerCase() : original;
  const place = isHeader ? "header" : "query";
  if ((isHeader && ownHeaders.has(name)) || context.taken.has(`${place} ${name}`)) return;
  if (credentials.test(name)) {
    context.note("params that are a credential: it comes from the connection");
    return;
  }
  if (!/^(query|header)$/.test(String(parameter.in)) || !isName(name, isHeader)) {
    const kind = /^(cookie|header|query)$/.exec(asText(parameter.in))?.[0] ?? "param of an unknown place";
    if (isRequired) throw new Unsupported(`a ${kind} is required that cannot be carried over`);
    context.note(`params that cannot be carried over: ${kind}`);
    return;
  }
  const [content] = Object.values(asObject(parameter.content));
  // In Swagger 2, the schema of a param is the param itself.
  const given =
    parameter.schema ?? asObject(content).schema ?? (parameter.type === undefined ? {} : parameter);
  const schema = carrySchema(given, context);
  const fixed = isRequired ? fixedValue(name, schema) : undefined;
  if (fixed !== undefined) {
    addConstant(request, isHeader ? "headers" : "query", name, fixed);
    return;
  }
  const key = naming.nameFor(original, place);
  naming.params[key] = {
    ...(isHeader ? scalar(schema) : inQuery(schema, parameter)),
    ...(isRequired ? { required: true } : {}),
    in: place,
    ...(key === name ? {} : { as: name }),
    description:
      oneLine(parameter.description, maxDescription) || schema.description || oneLine(original, 100),
  };
}

function isName(name: string, isHeader: boolean): boolean {
  if (name.length > maxName) return false;
  return isHeader ? /^[a-z0-9-]+$/.test(name) : name.isWellFormed() && !/[\p{Cc}\p{Cf}]/u.test(name);
}

/** There is no choice of a version, or of the only value there is. */
function fixedValue(name: string, schema: ParamSchema): string | undefined {
  const value =
    schema.enum?.length === 1 ? schema.enum[0] : /version$/i.test(name) ? schema.default : undefined;
  return typeof value === "string" && /^[\x20-\x7e]+$/.test(value) ? value : undefined;
}

function addConstant(request: Request, place: "query" | "headers", name: string, value: string): void {
  request.constants = {
    ...request.constants,
    [place]: { ...request.constants?.[place], [name]: value },
  };
}

const scalars = ["string", "integer", "number", "boolean"];

/** A header or a path has one value. */
function scalar({ type, ...schema }: ParamSchema): ParamSchema {
  const kept = [type ?? []].flat().filter((it) => scalars.includes(it));
  if (kept.length === 0) {
    return { type: "string", ...(schema.description ? { description: schema.description } : {}) };
  }
  return { type: kept.length === 1 ? kept[0]! : kept, ...withoutContainers(schema) };
}

function withoutContainers({
  items,
  properties,
  required,
  additionalProperties,
  anyOf,
  minItems,
  maxItems,
  minProperties,
  maxProperties,
  ...schema
}: ParamSchema): ParamSchema {
  const values = schema.enum?.filter((value) => value !== null && typeof value !== "object");
  return values === undefined ? schema : { ...schema, enum: values };
}

/** @see OpenAPI Specification 3.1, Style Values */
function inQuery(
  schema: ParamSchema,
  { style = "form", explode = style === "form" }: JsonObject,
): ParamSchema {
  const types = [schema.type ?? []].flat();
  if (style === "deepObject" || types.includes("object")) return { ...nested(schema), style: "brackets" };
  if (types.includes("array")) {
    return { ...listed(schema), ...(explode === true ? {} : { array: "comma" }) };
  }
  if (types.some((type) => scalars.includes(type))) return scalar(schema);
  // Several forms of one value are all written as text.
  const values = schema.enum?.every((value) => typeof value === "string") ? { enum: schema.enum } : {};
  return { type: "string", ...values, ...(schema.description ? { description: schema.description } : {}) };
}

function nested(schema: ParamSchema): ParamSchema {
  const types = [schema.type ?? []].flat().filter((type) => type === "object" || type === "array");
  return types.length > 0 ? { ...schema, type: types.length === 1 ? types[0]! : types } : { type: "object" };
}

/** The items of a list in a query are texts and numbers. */
function listed({ items, default: _, examples: __, ...rest }: ParamSchema): ParamSchema {
  const { description, ...item } = scalar(items ?? {});
  return { ...rest, type: "array", items: item };
}

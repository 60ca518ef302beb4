import type { ParamSchema } from "#catalog/schema.js";
import type { JsonObject } from "#importer/json-object.js";
import { asObject, asText } from "#importer/json-object.js";
import { type Operation, parametersOf } from "#importer/openapi/operations.js";
import { createNaming, type Naming } from "#importer/openapi/param-names.js";
import { carryBody } from "#importer/openapi/request-body.js";
import { carrySchema } from "#importer/openapi/schema.js";
import { Unsupported } from "#importer/openapi/unsupported.js";
import type { References } from "#importer/read/references.js";
import type { Note } from "#importer/report.js";
import { oneLine } from "#importer/text.js";
import type { Request } from "#importer/write/front-matter.js";

/** Headers that belong to the transport, or to the integration. */
const ownHeaders = new Set(
  "accept content-type content-length authorization host connection user-agent cookie transfer-encoding idempotency-key".split(
    " ",
  ),
);
const maxDescription = 300;

/**
 * The request of an operation.
 *
 * @throws Unsupported for what it cannot be called without
 */
export function carryRequest(found: Operation, references: References, note: Note): Request {
  const { method, path, operation } = found;
  const naming = createNaming();
  const all = parametersOf(found, references);
  const [plainPath, search = ""] = path.replace(/#.*$/, "").split("?");
  const request: Request = { path: carryPath(plainPath!, all, naming), params: naming.params };
  for (const [name, value] of new URLSearchParams(search)) addConstant(request, "query", name, value);
  for (const parameter of all) carryParameter(parameter, request, naming, references, note);
  const body = references.follow(operation.requestBody);
  if (method !== "GET" && Object.keys(asObject(body.content)).length > 0) {
    Object.assign(request, carryBody(body, naming, references));
  }
  return request;
}

function carryPath(path: string, parameters: readonly JsonObject[], naming: Naming): string {
  const known = new Map(
    parameters.filter((it) => it.in === "path").map((it) => [asText(it.name), it] as const),
  );
  const written = path.replace(/\{(\+?)([^{}]*)\}/g, (_, plus: string, original: string) => {
    const name = naming.nameFor(original, "path");
    const parameter = known.get(original) ?? {};
    const description = oneLine(parameter.description, maxDescription) || `Part of the address: ${original}`;
    const many = plus === "+" || parameter.allowReserved === true;
    naming.params[name] = {
      type: typeInPath(asObject(parameter.schema)),
      required: true,
      ...(many ? { segments: "many" } : {}),
      description,
    };
    return `{${name}}`;
  });
  if (!written.startsWith("/") || /[\s{}]|\/\/|\/\.{1,2}(\/|$)/.test(written.replace(/\{\w+\}/g, "x"))) {
    throw new Unsupported("the path has an empty segment, a space, or . or ..");
  }
  return written;
}

const typeInPath = ({ type }: JsonObject) => (type === "integer" || type === "number" ? type : "string");

function carryParameter(
  parameter: JsonObject,
  request: Request,
  naming: Naming,
  references: References,
  note: Note,
): void {
  const original = asText(parameter.name);
  const isRequired = parameter.required === true;
  const isHeader = parameter.in === "header";
  if (parameter.in === "path" || original === "") return;
  if (isHeader && ownHeaders.has(original.toLowerCase())) return;
  if (parameter.in === "cookie" || (isHeader && !/^[A-Za-z0-9-]+$/.test(original))) {
    if (isRequired)
      throw new Unsupported(`a ${asText(parameter.in).slice(0, 20)} is required that cannot be carried over`);
    note(`params that are a ${asText(parameter.in).slice(0, 20)}`);
    return;
  }
  const content = Object.values(asObject(parameter.content))[0];
  const schema = carrySchema(parameter.schema ?? asObject(content).schema ?? {}, references);
  const name = isHeader ? original.toLowerCase() : original;
  if (isRequired && schema.enum?.length === 1 && typeof schema.enum[0] !== "object") {
    addConstant(request, isHeader ? "headers" : "query", name, String(schema.enum[0]));
    return;
  }
  const place = isHeader ? "header" : "query";
  const key = naming.nameFor(original, place);
  naming.params[key] = {
    ...(isHeader ? scalar(schema) : inQuery(schema, parameter)),
    ...(isRequired ? { required: true } : {}),
    in: place,
    ...(key === name ? {} : { as: name }),
    description: oneLine(parameter.description, maxDescription) || schema.description || `${original}`,
  };
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
  return kept.length === 0
    ? { type: "string" }
    : { ...withoutContainers(schema), type: kept.length === 1 ? kept[0]! : kept };
}

function withoutContainers({
  items,
  properties,
  required,
  additionalProperties,
  anyOf,
  ...schema
}: ParamSchema) {
  return schema as ParamSchema;
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
  const bare = types.filter((type) => scalars.includes(type));
  if (bare.length > 0) return { ...withoutContainers(schema), type: bare.length === 1 ? bare[0]! : bare };
  // Several forms of one value are all written as text.
  const { anyOf: _, enum: values, ...rest } = withoutContainers(schema) as ParamSchema;
  return { ...rest, ...(values ? { enum: values } : {}), type: "string" };
}

function nested(schema: ParamSchema): ParamSchema {
  const types = [schema.type ?? []].flat().filter((type) => type === "object" || type === "array");
  return types.length > 0 ? { ...schema, type: types.length === 1 ? types[0]! : types } : { type: "object" };
}

/** The items of a list in a query are texts and numbers. */
function listed(schema: ParamSchema): ParamSchema {
  const { items, ...rest } = schema;
  const { description, ...item } = scalar(items ?? {});
  return { ...rest, type: "array", items: item };
}

import type { ParamSchema } from "#catalog/schema.js";
import { asObject, asTexts, type JsonObject } from "#core/json-object.js";
import { paramName } from "#importer/naming/param-names.js";
import { carrySchema } from "#importer/openapi/schema.js";
import { createReferences, type References } from "#importer/read/references.js";
import { oneLine } from "#importer/text.js";
import { exampleParams } from "#importer/write/example-params.js";

/** One param as the front matter of a tool has it. */
export type ToolParam = ParamSchema & {
  description: string;
  required?: boolean;
  as?: string;
  header?: string;
};

/** The params of a tool, and sentences about what of its schema they do not have. */
export interface ToolParams {
  params: Record<string, ToolParam>;
  /** The param that is all arguments of a tool which names none; null for none. */
  open: string | null;
  /** Values of those that it needs. */
  example: Record<string, unknown>;
  notes: string[];
}

const maxParams = 100;
/** Objects within each other that are carried. */
const maxDepth = 5;
const maxDescription = 300;

/** Nothing is fetched for a schema: references lead into it, or nowhere. @see MCP 2026-07-28, Tools */
const noDocuments = { resolve: () => undefined, get: () => undefined, needed: new Set<string>() };

/**
 * The arguments of a tool as params, by names that are ours, each with the name of the argument. An argument that cannot be
 * one is left out, unless the tool needs it.
 *
 * @returns null for a tool that cannot be called without such an argument
 */
export function toParams(inputSchema: object): ToolParams | null {
  const references = createReferences(inputSchema as JsonObject, noDocuments);
  const schema = joined(references.follow(inputSchema), references);
  const required = new Set(asTexts(schema.required));
  const given = Object.entries(asObject(schema.properties));
  const params: Record<string, ToolParam> = {};
  const notes: string[] = [];
  const left = new Set<string>();
  const note = (what: string) => void left.add(`Left out: ${what}.`);
  const context = { references, maxDepth, note };
  for (const [argument, value] of given) {
    const isRequired = required.has(argument);
    const usable = argument !== "" && argument !== "__proto__" && !/[\\\p{Cc}\p{Cs}]/u.test(argument);
    if (usable && Object.keys(params).length < maxParams) {
      const name = nameFor(argument, params);
      const carried = carrySchema(value, context);
      params[name] = toParam(name, argument, carried, references.follow(value), isRequired);
    } else if (isRequired) return null;
    else notes.push(`The argument ${JSON.stringify(argument.slice(0, 80))} cannot be a param.`);
  }
  if (given.length > 0 || !mayHaveAny(schema))
    return { params, notes: [...notes, ...left], open: null, example: exampleParams(params).params };
  const all = { type: "object", description: "The arguments, which the server does not name" };
  return { params: { arguments: all }, notes, open: "arguments", example: {} };
}

const mayHaveAny = ({ additionalProperties: more, patternProperties }: JsonObject) =>
  more === true || Object.keys(asObject(more)).length > 0 || patternProperties !== undefined;

/** Parts and alternatives of the whole schema as one: what only an alternative needs is not required. */
function joined(schema: JsonObject, references: References): JsonObject {
  const partsOf = (value: unknown) => (Array.isArray(value) ? value.map((it) => references.follow(it)) : []);
  const all = partsOf(schema.allOf);
  const some = [...partsOf(schema.anyOf), ...partsOf(schema.oneOf)];
  if (all.length + some.length === 0) return schema;
  const properties = Object.assign({}, ...[...some, ...all, schema].map((it) => asObject(it.properties)));
  const required = [schema, ...all].flatMap((it) => asTexts(it.required));
  return { ...schema, properties, required };
}

function toParam(
  name: string,
  argument: string,
  carried: ParamSchema,
  schema: JsonObject,
  isRequired: boolean,
): ToolParam {
  const header = schema["x-mcp-header"];
  const described = [schema.title, schema.description].filter((it) => typeof it === "string").join(": ");
  return {
    ...flagged(carried),
    ...(isRequired ? { required: true } : {}),
    ...(name === argument ? {} : { as: argument.replaceAll(".", "\\.") }),
    ...(isHeader(header, carried) ? { header } : {}),
    description: oneLine(described, maxDescription) || oneLine(argument, maxDescription) || name,
  };
}

/** The fields that an object needs have a mark of their own in place of a list: `required` of a param is a mark of its own. */
function flagged({ required, properties, items, ...schema }: ParamSchema): ParamSchema {
  const needed = new Set(asTexts(required));
  const fields = Object.entries(properties ?? {}).map(([name, field]): [string, ParamSchema] => [
    name,
    { ...flagged(field), ...(needed.has(name) ? { required: true } : {}) },
  ]);
  return {
    ...schema,
    ...(properties ? { properties: Object.fromEntries(fields) } : {}),
    ...(items ? { items: flagged(items) } : {}),
  };
}

/** @see MCP 2026-07-28, Custom Headers from Tool Parameters */
function isHeader(header: unknown, { type }: ParamSchema): header is string {
  const isName = typeof header === "string" && /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(header);
  return isName && ["string", "integer", "boolean"].includes(String(type));
}

function nameFor(argument: string, taken: object): string {
  const base = paramName(argument);
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}_${number}`;
    if (!Object.hasOwn(taken, name)) return name;
  }
}

import type { ParamSchema } from "#catalog/schema.js";
import type { JsonObject } from "#importer/json-object.js";
import { asObject, asObjects, asTexts, isObject } from "#importer/json-object.js";
import type { References } from "#importer/read/references.js";
import { oneLine } from "#importer/text.js";

/** Objects within each other that are carried; what is deeper may be anything. */
const maxDepth = 5;
/** Schemas of one param; a description may repeat a small one into millions. */
const maxSchemas = 150;
const maxValues = 200;
const maxDescription = 200;

/** Formats that values are checked against. @see JSON Schema Validation §7.3 */
const formats = "date-time date time email uri uuid ipv4 ipv6 hostname".split(" ");
const numbers = "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf".split(" ");
const counts = "minLength maxLength minItems maxItems minProperties maxProperties".split(" ");
const types = "string integer number boolean array object null".split(" ");

/**
 * A schema of a description as one of ours: strict, without references, small. Parts that cannot be carried are left out, so
 * that it takes more than the service does, and never less.
 */
export function carrySchema(schema: unknown, references: References): ParamSchema {
  return carry(schema, { references, left: { schemas: maxSchemas }, within: [] });
}

interface Carrying {
  references: References;
  left: { schemas: number };
  /** The schemas around this one, to cut cycles. */
  within: readonly JsonObject[];
}

function carry(value: unknown, carrying: Carrying): ParamSchema {
  const schema = carrying.references.follow(value);
  carrying.left.schemas -= 1;
  if (carrying.within.length > maxDepth || carrying.within.includes(schema) || carrying.left.schemas < 0) {
    return described(schema, {});
  }
  const inner: Carrying = { ...carrying, within: [...carrying.within, schema] };
  const merged = mergeAll(schema, carrying.references);
  const alternatives = [...asObjects(merged.oneOf), ...asObjects(merged.anyOf)];
  if (alternatives.length > 0) return described(merged, carryAlternatives(merged, alternatives, inner));
  return described(merged, carryPlain(merged, inner));
}

/** All parts of `allOf` as one schema. */
function mergeAll(schema: JsonObject, references: References, hops = 0): JsonObject {
  if (!Array.isArray(schema.allOf) || hops > maxDepth) return schema;
  const { allOf, ...own } = schema;
  const parts = asObjects(allOf).map((part) => mergeAll(references.follow(part), references, hops + 1));
  const all = [...parts, own];
  const properties = Object.assign({}, ...all.map((part) => asObject(part.properties)));
  const required = [...new Set(all.flatMap((part) => asTexts(part.required)))];
  return Object.assign(
    {},
    ...all,
    Object.keys(properties).length > 0 && { properties },
    required.length > 0 && { required },
  );
}

/** Alternatives that differ in their type alone become one schema; of others any value is taken that one takes. */
function carryAlternatives(schema: JsonObject, alternatives: JsonObject[], carrying: Carrying): ParamSchema {
  const carried = alternatives.map((alternative) => {
    const { description: _, ...bare } = carry(alternative, carrying);
    return bare;
  });
  if (carried.some((it) => Object.keys(it).length === 0)) return {};
  if (carried.length === 1) return carried[0]!;
  const base = typesOf(schema);
  if (carried.every((it) => Object.keys(it).join() === "type")) {
    return typed([...new Set(carried.flatMap((it) => [it.type!].flat()))]);
  }
  const objects = carried.every((it) => it.type === "object");
  return { ...(objects ? { type: "object" } : base.length > 0 ? typed(base) : {}), anyOf: carried };
}

function carryPlain(schema: JsonObject, carrying: Carrying): ParamSchema {
  const declared = typesOf(schema);
  const given = declared.length > 0 ? declared : impliedType(schema);
  const has = (type: string) => given.includes(type);
  const result: ParamSchema = { ...typed(given) };
  const values = valuesOf(schema);
  if (values.length > 0 && values.length <= maxValues && areOf(values, given)) result.enum = values;
  for (const key of numbers) {
    if (typeof schema[key] === "number" && (has("number") || has("integer"))) result[key] = schema[key];
  }
  for (const key of counts) {
    const owner = key.endsWith("Length") ? "string" : key.endsWith("Items") ? "array" : "object";
    if (Number.isInteger(schema[key]) && (schema[key] as number) >= 0 && has(owner))
      result[key] = schema[key];
  }
  if (has("string") && formats.includes(String(schema.format))) result.format = schema.format;
  if (has("string") && isPattern(schema.pattern)) result.pattern = schema.pattern;
  if (has("array")) Object.assign(result, carryItems(schema, carrying));
  if (has("object")) Object.assign(result, carryProperties(schema, carrying));
  return result;
}

function carryItems({ items }: JsonObject, carrying: Carrying): ParamSchema {
  return items === undefined ? {} : { items: carry(items, carrying) };
}

/** Fields that only answers have are nothing to be asked for. */
function carryProperties(schema: JsonObject, carrying: Carrying): ParamSchema {
  const fields = Object.entries(asObject(schema.properties)).filter(
    ([name, it]) => name !== "__proto__" && carrying.references.follow(it).readOnly !== true,
  );
  const { additionalProperties: more } = schema;
  if (fields.length === 0) {
    return isObject(more) && Object.keys(more).length > 0
      ? { additionalProperties: carry(more, carrying) }
      : {};
  }
  const required = asTexts(schema.required).filter((name) => fields.some(([field]) => field === name));
  return {
    properties: Object.fromEntries(fields.map(([name, it]) => [name, carry(it, carrying)])),
    ...(required.length > 0 ? { required } : {}),
  };
}

function described(schema: JsonObject, carried: ParamSchema): ParamSchema {
  const description = oneLine(schema.description, maxDescription);
  return description === "" ? carried : { ...carried, description };
}

function typesOf({ type }: JsonObject): string[] {
  return [type ?? []].flat().filter((it): it is string => types.includes(it as string));
}

function impliedType({ properties, items, additionalProperties }: JsonObject): string[] {
  if (isObject(properties) || isObject(additionalProperties)) return ["object"];
  return items === undefined ? [] : ["array"];
}

const typed = (names: string[]): ParamSchema =>
  names.length === 0 ? {} : { type: names.length === 1 ? names[0]! : names };

function valuesOf(schema: JsonObject): unknown[] {
  const values = Array.isArray(schema.enum) ? schema.enum : "const" in schema ? [schema.const] : [];
  return [...new Set(values)];
}

/** Some descriptions have values of another type than they say. */
function areOf(values: unknown[], given: string[]): boolean {
  return given.length > 0 && values.every((value) => given.some((type) => isOf(value, type)));
}

function isOf(value: unknown, type: string): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "null") return value === null;
  return type === (Array.isArray(value) ? "array" : typeof value);
}

/** Patterns run on what strangers send: only those without anything repeated within a repetition. */
function isPattern(pattern: unknown): pattern is string {
  if (typeof pattern !== "string" || pattern.length > 100 || /[)\]}][*+{]|\(\?[<!=]/.test(pattern))
    return false;
  try {
    new RegExp(pattern, "u");
    return true;
  } catch {
    return false;
  }
}

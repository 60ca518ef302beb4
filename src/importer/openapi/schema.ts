import type { ParamSchema } from "#catalog/schema.js";
import type { JsonObject } from "#core/json-object.js";
import { asObject, asObjects, asTexts, isObject } from "#core/json-object.js";
import type { References } from "#importer/read/references.js";
import type { Note } from "#importer/report.js";
import { oneLine } from "#importer/text.js";
import { exampleOf } from "#importer/write/example-params.js";
import { fits, isOfType } from "#importer/write/fits.js";
import { patternOf } from "#importer/write/patterns.js";

/** Schemas of one param; a description may repeat a small one into millions. */
const maxSchemas = 150;
const maxValues = 200;
const maxDescription = 200;
/** Longer names of fields are no names. */
const maxName = 200;
/** Hops from schema to schema where parts of `allOf` have such parts themselves. */
const maxParts = 5;

/** Formats that values are checked against. @see JSON Schema Validation §7.3 */
const formats = "date-time date time email uri uuid ipv4 ipv6 hostname".split(" ");
const numbers = "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf".split(" ");
const counts = "minLength maxLength minItems maxItems minProperties maxProperties".split(" ");
const types = "string integer number boolean array object null".split(" ");

export interface SchemaContext {
  references: References;
  /** Objects within each other that are carried; what is deeper may be anything. */
  maxDepth: number;
  note: Note;
}

/**
 * A schema of a description as one of ours: strict, without references, small. Parts that cannot be carried are left
 * out, so that it takes more than the service does, and never less.
 */
export function carrySchema(schema: unknown, context: SchemaContext): ParamSchema {
  return carry(schema, { ...context, left: { schemas: maxSchemas }, within: [] });
}

interface Carrying extends SchemaContext {
  left: { schemas: number };
  /** The schemas around this one, to cut cycles. */
  within: readonly JsonObject[];
}

function carry(value: unknown, carrying: Carrying): ParamSchema {
  const { references, within, left, maxDepth } = carrying;
  const schema = references.follow(value);
  // Words beside a reference are about this use of what it leads to.
  const own = isObject(value) && value !== schema ? value : {};
  left.schemas -= 1;
  const isCycle = within.includes(schema);
  if (isCycle || within.length > maxDepth || left.schemas < 0) {
    if (!isCycle && Object.keys(schema).length > 0)
      carrying.note("schemas are cut: deeper within them, any value is taken");
    return described({ ...schema, ...own }, {});
  }
  const inner: Carrying = { ...carrying, within: [...within, schema] };
  const merged = mergeAll(schema, references);
  const alternatives = [...asObjects(merged.oneOf), ...asObjects(merged.anyOf)];
  const carried =
    alternatives.length > 0 ? carryAlternatives(merged, alternatives, inner) : carryPlain(merged, inner);
  return described({ ...merged, ...own }, withExample(carried, merged, carrying.note));
}

/** All parts of `allOf` as one schema. */
function mergeAll(schema: JsonObject, references: References, hops = 0): JsonObject {
  if (!Array.isArray(schema.allOf) || hops > maxParts) return schema;
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
    const { description: _, examples: __, ...bare } = carry(alternative, carrying);
    return bare as ParamSchema;
  });
  if (carried.some((it) => Object.keys(it).length === 0)) return {};
  const distinct = [...new Map(carried.map((it) => [JSON.stringify(it), it])).values()];
  if (distinct.length === 1) return distinct[0]!;
  const base = typesOf(schema);
  if (distinct.every((it) => Object.keys(it).join() === "type")) {
    return typed([...new Set(distinct.flatMap((it) => [it.type!].flat()))]);
  }
  const objects = distinct.every((it) => it.type === "object");
  return { ...(objects ? { type: "object" } : base.length > 0 ? typed(base) : {}), anyOf: distinct };
}

function carryPlain(schema: JsonObject, carrying: Carrying): ParamSchema {
  const declared = typesOf(schema);
  const given = declared.length > 0 ? declared : impliedType(schema);
  const has = (type: string) => given.includes(type);
  const result: ParamSchema = { ...typed(given) };
  const values = valuesOf(schema);
  if (values.length > maxValues)
    carrying.note(`choices of more than ${maxValues} values: any value is taken`);
  else if (values.length > 0 && areOf(values, given)) result.enum = values;
  for (const key of numbers) {
    if (typeof schema[key] === "number" && (has("number") || has("integer"))) result[key] = schema[key];
  }
  for (const key of counts) {
    const owner = key.endsWith("Length") ? "string" : key.endsWith("Items") ? "array" : "object";
    if (Number.isInteger(schema[key]) && (schema[key] as number) >= 0 && has(owner))
      result[key] = schema[key];
  }
  if (has("string") && formats.includes(String(schema.format))) result.format = schema.format;
  if (has("string") && typeof schema.pattern === "string") {
    if (patternOf(schema.pattern) !== null) result.pattern = schema.pattern;
    else carrying.note("patterns that RE2 does not take: any text is taken");
  }
  if (has("array")) Object.assign(result, carryItems(schema, carrying));
  if (has("object")) Object.assign(result, carryProperties(schema, carrying));
  return result;
}

/** An example and a default of the description, where they are what the schema says; an example is shown to readers, too. */
function withExample(carried: ParamSchema, schema: JsonObject, note: Note): ParamSchema {
  const given = [schema.example, ...(Array.isArray(schema.examples) ? schema.examples : [])];
  const example = given.find((it) => isShort(it) && it !== schema.default && fits(it, carried));
  const hasDefault =
    isShort(schema.default) && Object.keys(carried).length > 0 && fits(schema.default, carried);
  const shown: ParamSchema = {
    ...carried,
    ...(hasDefault ? { default: schema.default } : {}),
    ...(example === undefined || carried.enum ? {} : { examples: [example] }),
  };
  if (carried.pattern === undefined || fits(exampleOf("value", shown), shown)) return shown;
  const { pattern: _, ...others } = shown;
  note("patterns that no example is known for: any text is taken");
  return others as ParamSchema;
}

const isShort = (value: unknown) =>
  (typeof value === "string" && value !== "" && value.length <= 100 && !/[\p{Cc}\p{Cf}]/u.test(value)) ||
  (typeof value === "number" && Math.abs(value) <= Number.MAX_SAFE_INTEGER) ||
  typeof value === "boolean";

function carryItems({ items }: JsonObject, carrying: Carrying): ParamSchema {
  return items === undefined ? {} : { items: carry(items, carrying) };
}

/** Fields that only answers have are nothing to be asked for. */
function carryProperties(schema: JsonObject, carrying: Carrying): ParamSchema {
  const fields = Object.entries(asObject(schema.properties)).filter(
    ([name, it]) => isFieldName(name) && carrying.references.follow(it).readOnly !== true,
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

/** Others could not be written, or not be read. */
const isFieldName = (name: string) =>
  name !== "" &&
  name !== "__proto__" &&
  name.length <= maxName &&
  !/[\p{Cc}\p{Cf}]/u.test(name) &&
  name.isWellFormed();

function described(schema: JsonObject, carried: ParamSchema): ParamSchema {
  const description = oneLine(schema.description, maxDescription);
  return description === "" ? carried : { ...carried, description };
}

function typesOf({ type, nullable }: JsonObject): string[] {
  const given = [type ?? []].flat().filter((it): it is string => types.includes(it as string));
  const all = nullable === true && given.length > 0 ? [...given, "null"] : given;
  return [...new Set(all)];
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
  const areScalar = values.every((value) => typeof value !== "object" || value === null);
  return (
    areScalar && given.length > 0 && values.every((value) => given.some((type) => isOfType(value, type)))
  );
}

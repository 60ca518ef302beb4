import { fullFormats } from "ajv-formats/dist/formats.js";
import type { ParamSchema } from "#catalog/schema.js";
import { asTexts, isObject } from "#core/json-object.js";
import { patternOf } from "#importer/write/patterns.js";

/**
 * Whether a value is valid by a schema that the importer made, which has few keywords: compiling each would take
 * longer than all the rest.
 *
 * @see JSON Schema Validation 2020-12
 */
export function fits(value: unknown, schema: ParamSchema): boolean {
  const types = [schema.type ?? []].flat();
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) return false;
  if (schema.enum && !schema.enum.includes(value)) return false;
  if (Array.isArray(schema.anyOf) && !schema.anyOf.some((it) => fits(value, it as ParamSchema))) return false;
  if (typeof value === "string") return fitsText(value, schema);
  if (typeof value === "number") return fitsNumber(value, schema);
  if (Array.isArray(value)) return fitsList(value, schema);
  return isObject(value) ? fitsObject(value, schema) : true;
}

export function isOfType(value: unknown, type: string): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return isObject(value);
  if (type === "null") return value === null;
  return type === (Array.isArray(value) ? "array" : typeof value) && value !== null;
}

/** The bound, or one that everything keeps. */
const bound = (value: unknown, otherwise: number) => (typeof value === "number" ? value : otherwise);
const isWithin = (size: number, min: unknown, max: unknown) =>
  size >= bound(min, Number.NEGATIVE_INFINITY) && size <= bound(max, Number.POSITIVE_INFINITY);

function fitsText(text: string, { minLength, maxLength, pattern, format }: ParamSchema): boolean {
  if (!isWithin([...text].length, minLength, maxLength)) return false;
  if (typeof pattern === "string" && !patternOf(pattern)?.test(text)) return false;
  return typeof format !== "string" || hasFormat(text, format);
}

function hasFormat(text: string, name: string): boolean {
  const format = Object.hasOwn(fullFormats, name) ? fullFormats[name as keyof typeof fullFormats] : undefined;
  if (format instanceof RegExp) return format.test(text);
  if (typeof format === "function") return format(text);
  if (typeof format !== "object") return true;
  const { validate } = format as { validate?: unknown };
  if (validate instanceof RegExp) return validate.test(text);
  return typeof validate === "function" ? validate(text) === true : true;
}

function fitsNumber(value: number, schema: ParamSchema): boolean {
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below, multipleOf: step } = schema;
  if (!isWithin(value, minimum, maximum)) return false;
  if (typeof above === "number" && value <= above) return false;
  if (typeof below === "number" && value >= below) return false;
  return typeof step !== "number" || Number.isInteger(value / step);
}

function fitsList(list: readonly unknown[], { items, minItems, maxItems }: ParamSchema): boolean {
  return isWithin(list.length, minItems, maxItems) && (!items || list.every((item) => fits(item, items)));
}

/** Names of fields that an object must have: it lists them, or they say so themselves. */
export function requiredFields({ properties = {}, required }: ParamSchema): string[] {
  const own = Object.keys(properties).filter((name) => properties[name]!.required === true);
  return [...new Set([...asTexts(required), ...own])];
}

function fitsObject(object: Record<string, unknown>, schema: ParamSchema): boolean {
  const { properties = {}, additionalProperties: more, minProperties, maxProperties } = schema;
  if (!isWithin(Object.keys(object).length, minProperties, maxProperties)) return false;
  if (!requiredFields(schema).every((name) => Object.hasOwn(object, name))) return false;
  return Object.entries(object).every(([name, value]) => {
    const own = Object.hasOwn(properties, name) ? properties[name]! : more;
    return !isObject(own) || fits(value, own);
  });
}

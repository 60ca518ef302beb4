import { isObject } from "#core/json-object.js";
import { strictJson } from "#core/strict-json.js";

/** The keywords of JSON Schema that say which values a place takes. */
interface ValueSchema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  minLength?: number;
  pattern?: string;
  properties?: Record<string, ValueSchema>;
  required?: string[];
  additionalProperties?: boolean | ValueSchema;
  items?: ValueSchema;
  anyOf?: ValueSchema[];
  oneOf?: ValueSchema[];
  [keyword: string]: unknown;
}

/**
 * The value that a client of a model meant, where that is beyond doubt. Such clients fill in every field they know
 * of, and write objects as JSON text; their schemas are often not ours. By the schema of its place,
 *
 * - `null` counts as left out where the field is optional and does not take null,
 * - `""` counts as left out where the field is optional and cannot be empty,
 * - a text that is JSON of a type which the place takes is read, where the place takes no text.
 *
 * At any depth, as far as the schema goes. Everything else stays as it is: checking is another step. A value that
 * needs no change is returned itself, not a copy.
 */
export function meant(schema: object, given: unknown): unknown {
  return meantBy(schema as ValueSchema, given);
}

function meantBy(schema: ValueSchema, given: unknown): unknown {
  const value = unpacked(schema, given);
  const form = formOf(schema, value);
  if (Array.isArray(value)) return form?.items ? meantItems(form.items, value) : value;
  return isObject(value) && form ? meantFields(form, value) : value;
}

function meantItems(schema: ValueSchema, items: unknown[]): unknown[] {
  const kept = items.map((item) => meantBy(schema, item));
  return kept.every((item, at) => item === items[at]) ? items : kept;
}

function meantFields(schema: ValueSchema, fields: Record<string, unknown>): Record<string, unknown> {
  const { required = [] } = schema;
  const kept: [name: string, value: unknown][] = [];
  let isSame = true;
  for (const [name, given] of Object.entries(fields)) {
    const place = fieldOf(schema, name);
    const value = place ? meantBy(place, given) : given;
    const isLeftOut = place && !required.includes(name) && isUnset(place, value);
    if (!isLeftOut) kept.push([name, value]);
    isSame &&= !isLeftOut && value === given;
  }
  return isSame ? fields : Object.fromEntries(kept);
}

function fieldOf(
  { properties = {}, additionalProperties }: ValueSchema,
  name: string,
): ValueSchema | undefined {
  if (Object.hasOwn(properties, name)) return properties[name];
  return typeof additionalProperties === "object" ? additionalProperties : undefined;
}

function isUnset(schema: ValueSchema, value: unknown): boolean {
  if (value === null) return !takes(schema, null);
  return value === "" && !takesEmptyText(schema);
}

function takesEmptyText(schema: ValueSchema): boolean {
  return branchesOf(schema).some(
    ({ schema: branch, types }) =>
      isOneOf(types, "") &&
      (branch.enum?.includes("") ?? true) &&
      branch.format === undefined &&
      (branch.minLength ?? 0) === 0 &&
      (branch.pattern === undefined || new RegExp(branch.pattern, "u").test("")),
  );
}

/** JSON in a text, in a place that takes no text. */
function unpacked(schema: ValueSchema, given: unknown): unknown {
  if (typeof given !== "string" || takes(schema, given)) return given;
  const value = strictJson(given);
  return value === null || (value !== undefined && takes(schema, value)) ? value : given;
}

/** The branch of the schema that describes the parts of a value; undefined when none or several might. */
function formOf(schema: ValueSchema, value: unknown): ValueSchema | undefined {
  const fitting = branchesOf(schema).filter(({ types }) => isOneOf(types, value));
  return fitting.length === 1 ? fitting[0]!.schema : undefined;
}

/** A schema without alternatives. */
interface Branch {
  schema: ValueSchema;
  /** Undefined for any. */
  types: string[] | undefined;
}

/** Every call asks for those of its endpoint, several times each. */
const knownBranches = new WeakMap<ValueSchema, Branch[]>();

function branchesOf(schema: ValueSchema): Branch[] {
  let found = knownBranches.get(schema);
  if (!found) {
    const branches = schema.type === undefined ? (schema.anyOf ?? schema.oneOf) : undefined;
    found = branches ? branches.flatMap(branchesOf) : [{ schema, types: typesOf(schema) }];
    knownBranches.set(schema, found);
  }
  return found;
}

/** Is the value of a type that this place takes? */
function takes(schema: ValueSchema, value: unknown): boolean {
  return branchesOf(schema).some(({ types }) => isOneOf(types, value));
}

function isOneOf(types: string[] | undefined, value: unknown): boolean {
  const type = typeOf(value);
  if (types === undefined || types.includes(type)) return true;
  return type === "number" && types.includes("integer") && Number.isInteger(value);
}

function typesOf({ type, enum: values, const: only, properties, items }: ValueSchema): string[] | undefined {
  if (type !== undefined) return [type].flat();
  if (values) return values.map(typeOf);
  if (only !== undefined) return [typeOf(only)];
  if (properties) return ["object"];
  return items ? ["array"] : undefined;
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

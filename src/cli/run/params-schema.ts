import { fileFormat } from "#core/file-handle.js";

/** JSON Schema of an endpoint's `params`, as the server describes it. */
export interface ParamsSchema {
  properties: Record<string, ParamSchema>;
  required: string[];
}

/** JSON Schema of one param: the keywords a command line needs. */
export interface ParamSchema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  contentMediaType?: string;
  contentEncoding?: string;
  format?: string;
  items?: ParamSchema;
  properties?: Record<string, ParamSchema>;
  additionalProperties?: boolean | ParamSchema;
  anyOf?: ParamSchema[];
  oneOf?: ParamSchema[];
}

/** One of the forms a value may take. */
export interface Form {
  type: "string" | "integer" | "number" | "boolean" | "array" | "object" | "any";
  schema: ParamSchema;
}

export function paramsSchema(value: unknown): ParamsSchema {
  const { properties = {}, required = [] } = (value ?? {}) as Partial<ParamsSchema>;
  return { properties, required };
}

/** The forms a value may take, in the author's order; null is asked for with `isNullable`. */
export function formsOf(schema: ParamSchema): Form[] {
  const branches = schema.anyOf ?? schema.oneOf;
  if (schema.type === undefined && branches) return branches.flatMap(formsOf);
  return typeNames(schema)
    .filter((type) => type !== "null")
    .map((type) => ({ type: type as Form["type"], schema }));
}

export function isNullable(schema: ParamSchema): boolean {
  const branches = schema.anyOf ?? schema.oneOf;
  if (schema.type === undefined && branches) return branches.some(isNullable);
  return typeNames(schema).includes("null");
}

/** Is it a line of text, in which commas are ordinary? Its endpoint's file says so (`lines: true`). */
export function isLine(schema: ParamSchema): boolean {
  return schema.contentMediaType !== undefined;
}

/** Does its text stand for bytes, in Base64? @see JSON Schema Validation §8.3 */
export function isBytes(schema: ParamSchema): boolean {
  return schema.contentEncoding === "base64";
}

/** Written without a value: `--draft`, `--no-draft`. */
export function isSwitch(schema: ParamSchema): boolean {
  return formsOf(schema)[0]?.type === "boolean";
}

function typeNames(schema: ParamSchema): string[] {
  if (schema.type !== undefined) return [schema.type].flat();
  if (schema.enum) return [...new Set(schema.enum.map(typeOf))];
  if (schema.const !== undefined) return [typeOf(schema.const)];
  if (schema.properties) return ["object"];
  if (schema.items) return ["array"];
  return ["any"];
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value;
}

/** `integer`, `list of string`, `open | closed`, …: as help and errors call it. */
export function typeInWords(schema: ParamSchema): string {
  if (schema.enum) return schema.enum.map(String).join(" | ");
  const types = formsOf(schema).map(({ type, schema }) => {
    if (type === "array") return `list of ${schema.items ? typeInWords(schema.items) : "anything"}`;
    if (schema.format === fileFormat) return "file";
    if (isBytes(schema)) return "bytes in Base64";
    return type === "any" ? "anything" : type;
  });
  return types.join(" or ");
}

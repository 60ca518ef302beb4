import type { ParamSchema } from "#catalog/schema.js";
import { fileFormat, takesFiles } from "#core/file-handle.js";
import { fits, requiredFields } from "#importer/write/fits.js";
import type { ParamYaml } from "#importer/write/front-matter.js";

/** The worked example of an endpoint, without the request that it makes. */
export interface ExampleParams {
  params: Record<string, unknown>;
  /** Files that the params name, by handle. */
  files: Record<string, { name: string; media_type: string; text: string }>;
}

const exampleFile = "file_example";

/** Values of params that an example needs: the required ones, at their most usual. */
export function exampleParams(params: Readonly<Record<string, ParamYaml>>): ExampleParams {
  const example: ExampleParams = { params: {}, files: {} };
  for (const [name, param] of Object.entries(params)) {
    if (param.required !== true) continue;
    if (takesFiles(param)) {
      const [range = "text/plain"] = Array.isArray(param.accept) ? (param.accept as string[]) : [];
      const media_type = range.replace(/\/\*$/, "/plain");
      example.files[exampleFile] = { name: "example.txt", media_type, text: "hello" };
      example.params[name] = param.format === fileFormat ? exampleFile : [exampleFile];
    } else example.params[name] = exampleOf(name, param);
  }
  return example;
}

/** Deeper ones are left to whoever calls. */
const maxDepth = 10;
/** Items of a list, and characters of a text, that an example has at most. */
const maxItems = 20;
const maxLength = 1_000;

/** A value that the schema takes, as far as one is found. */
export function exampleOf(name: string, schema: ParamSchema, depth = 0): unknown {
  const [example] = Array.isArray(schema.examples) ? schema.examples : [];
  if (example !== undefined && fits(example, schema)) return example;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  if (Array.isArray(schema.anyOf)) {
    const { anyOf, ...own } = schema;
    return exampleOf(name, { ...own, ...(anyOf[0] as ParamSchema) } as ParamSchema, depth);
  }
  const [type] = [schema.type ?? []].flat();
  if (type === "integer" || type === "number") return numberIn(schema, type);
  if (type === "boolean") return true;
  if (type === "array") return depth > maxDepth ? [] : listOf(name, schema, depth + 1);
  if (type === "object") return depth > maxDepth ? {} : objectOf(schema, depth + 1);
  return type === "null" ? null : textOf(name, schema);
}

function numberIn(schema: ParamSchema, type: string): number {
  const min = Number(schema.minimum ?? schema.exclusiveMinimum ?? 1);
  const step = Number(schema.multipleOf ?? 1);
  const above = schema.exclusiveMinimum === undefined ? min : min + step;
  const below =
    schema.exclusiveMaximum === undefined ? Number.POSITIVE_INFINITY : Number(schema.exclusiveMaximum) - step;
  const max = Math.min(Number(schema.maximum ?? Number.POSITIVE_INFINITY), below);
  const value = Math.min(Math.max(1, above), max);
  const stepped = schema.multipleOf === undefined ? value : Math.ceil(value / step) * step;
  return type === "integer" ? Math.ceil(stepped) : stepped;
}

function listOf(
  name: string,
  { items = {}, minItems = 1, maxItems: max = maxItems }: ParamSchema,
  depth: number,
): unknown[] {
  const length = Math.min(Math.max(Number(minItems), 1), Number(max), maxItems);
  return Array.from({ length }, () => exampleOf(name, items, depth));
}

function objectOf(schema: ParamSchema, depth: number): Record<string, unknown> {
  const { properties = {} } = schema;
  const names = requiredFields(schema);
  const own = (name: string) => (Object.hasOwn(properties, name) ? properties[name]! : {});
  return Object.fromEntries(names.map((name) => [name, exampleOf(name, own(name), depth)]));
}

const texts: Readonly<Record<string, string>> = {
  "date-time": "2026-01-31T09:00:00Z",
  date: "2026-01-31",
  time: "09:00:00Z",
  email: "ada@acme.example",
  uri: "https://acme.example/",
  uuid: "3fa85f64-5717-4562-b3fc-2c963f66afa6",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  hostname: "acme.example",
};
/** Texts that patterns are mostly about, beside those of formats. */
const usual = [
  ..."a A 1 abc ABC Abc 123 1234 12345 123456 1.0 1.0.0 a1 A1 AB12 ab-12 ab_12 a.b a/b #ff0000 ff0000 EUR en en-US US".split(
    " ",
  ),
  ..."2026-01-31 09:00 2026-01 +15550100000 15550100000 refs/heads/main main /path/to v1 true * @ada #general".split(
    " ",
  ),
  "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
  "aGVsbG8=",
  "Ada Lovelace",
  ...Object.values(texts),
];

function textOf(name: string, schema: ParamSchema): string {
  const { format, minLength = 0, maxLength: max } = schema;
  const named = texts[String(format)] ?? name.toLowerCase().replaceAll("_", "-");
  const text = named.padEnd(Math.min(Number(minLength), maxLength), "x").slice(0, Number(max ?? 200));
  if (typeof schema.pattern !== "string" || fits(text, schema)) return text;
  const padded = [Number(minLength), Number(max ?? 0)]
    .filter((length) => length > 0 && length <= maxLength)
    .flatMap((length) => ["a", "A", "1", "f"].map((sign) => sign.repeat(length)));
  return [...usual, ...padded].find((it) => fits(it, schema)) ?? text;
}

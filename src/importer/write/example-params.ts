import type { ParamSchema } from "#catalog/schema.js";
import type { ParamYaml } from "#importer/write/front-matter.js";

/** Values of params that an example needs: the required ones, at their most usual. */
export function exampleParams(
  params: Readonly<Record<string, ParamYaml>>,
  bodyRoot?: string,
): Record<string, unknown> {
  const needed = Object.entries(params).filter(([name, { required, in: place }]) => {
    return required === true || (name === bodyRoot && place === "body" && Array.isArray(required));
  });
  return Object.fromEntries(needed.map(([name, schema]) => [name, exampleOf(name, schema)]));
}

function exampleOf(name: string, schema: ParamSchema): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  if (Array.isArray(schema.anyOf))
    return exampleOf(name, { ...schema, anyOf: undefined, ...(schema.anyOf[0] as ParamSchema) });
  const [type] = [schema.type ?? []].flat();
  if (type === "integer" || type === "number") return numberIn(schema, type);
  if (type === "boolean") return true;
  if (type === "array") return listOf(name, schema);
  if (type === "object") return objectOf(schema);
  return type === "null" ? null : textOf(name, schema);
}

function numberIn(schema: ParamSchema, type: string): number {
  const lowest = Number(schema.minimum ?? schema.exclusiveMinimum ?? 1);
  const step = Number(schema.multipleOf ?? 1);
  const above = schema.exclusiveMinimum === undefined ? lowest : lowest + step;
  const highest = Number(schema.maximum ?? schema.exclusiveMaximum ?? Number.POSITIVE_INFINITY);
  const value = Math.min(Math.max(1, above), highest);
  const stepped = schema.multipleOf === undefined ? value : Math.ceil(value / step) * step;
  return type === "integer" ? Math.ceil(stepped) : stepped;
}

function listOf(name: string, { items = {}, minItems = 1 }: ParamSchema): unknown[] {
  return Array.from({ length: Math.min(Number(minItems), 3) || 1 }, () => exampleOf(name, items));
}

function objectOf({ properties = {}, required }: ParamSchema): Record<string, unknown> {
  const names = Array.isArray(required) ? required : [];
  return Object.fromEntries(names.map((name) => [name, exampleOf(name, properties[name] ?? {})]));
}

const texts: Record<string, string> = {
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

function textOf(name: string, { format, encoding, minLength = 0, maxLength }: ParamSchema): string {
  if (encoding === "base64") return "aGVsbG8=";
  const text = texts[String(format)] ?? name.toLowerCase().replaceAll("_", "-");
  return text.padEnd(Number(minLength), "x").slice(0, Number(maxLength ?? 200));
}

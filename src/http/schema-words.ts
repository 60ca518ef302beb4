import { type Html, html } from "#core/html.js";

/** The part of JSON Schema that the contract uses. */
export interface Schema {
  type?: string;
  const?: unknown;
  anyOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  required?: string[];
  description?: string;
  default?: unknown;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
}

/** A schema for people: its type in words, what it means, and the fields that are in it. */
export function schemaInWords(schema: Schema, isRequired = true): Html {
  const isOptional = !isRequired && schema.default === undefined;
  const type = joined(", ", schema.properties ? "" : typeInWords(schema), isOptional ? "optional" : "");
  return html`${joined(": ", type, schema.description ?? "")}${objectsIn(schema).map(fieldList)}`;
}

const joined = (separator: string, ...parts: string[]) => parts.filter((part) => part !== "").join(separator);

function fieldList({ properties = {}, required = [] }: Schema): Html {
  const fields = Object.entries(properties).map(
    ([name, field]) => html`<li><code>${name}</code> ${schemaInWords(field, required.includes(name))}</li>`,
  );
  return html`<ul>${fields}</ul>`;
}

function typeInWords(schema: Schema): string {
  const { type, anyOf, allOf, items, patternProperties } = schema;
  if ("const" in schema) return JSON.stringify(schema.const);
  if (anyOf) return [...new Set(anyOf.map(typeInWords))].join(" or ");
  if (allOf) return [...new Set(allOf.map(typeInWords))].join(" and ");
  const [values] = Object.values(patternProperties ?? {});
  const inner = items ? ` of ${typeInWords(items)}` : values ? ` with values of ${typeInWords(values)}` : "";
  return joined(", ", `${type === "array" ? "list" : (type ?? "anything")}${inner}`, ...bounds(schema));
}

function bounds(schema: Schema): string[] {
  const { minLength, maxLength, minimum, maximum, minItems, maxItems, format } = schema;
  return [
    range(minLength, maxLength, " characters"),
    range(minimum, maximum, ""),
    range(minItems, maxItems, " items"),
    format ?? "",
    schema.default === undefined ? "" : `${JSON.stringify(schema.default)} if left out`,
  ];
}

function range(min: number | undefined, max: number | undefined, unit: string): string {
  if (max === undefined) return min === undefined ? "" : `${min} or more${unit}`;
  return `${min === undefined ? "up to" : `${min} to`} ${max}${unit}`;
}

/** The objects that a value may be, or that a list or a record has; each has fields of its own. */
function objectsIn(schema: Schema): Schema[] {
  const { properties, patternProperties = {}, items, anyOf = [], allOf = [] } = schema;
  if (properties) return [schema];
  return [...anyOf, ...allOf, ...(items ? [items] : []), ...Object.values(patternProperties)].flatMap(
    objectsIn,
  );
}

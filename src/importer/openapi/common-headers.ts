import { asObject, asText } from "#core/json-object.js";
import { type Operation, parametersOf } from "#importer/openapi/operations.js";
import type { References } from "#importer/read/references.js";
import type { Notes } from "#importer/report.js";

/**
 * Headers that say the version of the API, for each request: those that operations have with one value alone. Nobody
 * who calls has a reason to choose another.
 */
export function commonHeaders(
  operations: readonly Operation[],
  references: References,
  notes: Notes,
): Record<string, string> {
  const values = new Map<string, Set<string>>();
  for (const operation of operations) {
    for (const parameter of parametersOf(operation, references)) {
      const name = asText(parameter.name).toLowerCase();
      if (parameter.in !== "header" || !/^[a-z0-9-]*version$/.test(name)) continue;
      const known = values.get(name) ?? new Set();
      values.set(name, known.add(givenValue(parameter, references)));
    }
  }
  const single = [...values].flatMap(([name, all]): [string, string][] => {
    const [value = ""] = all;
    return all.size === 1 && /^[\x20-\x7e]{1,100}$/.test(value) ? [[name, value]] : [];
  });
  for (const [name, value] of single) notes.note(`Each request has the header ${name}: ${value}.`);
  return Object.fromEntries(single);
}

/** Empty when the description does not say it. */
function givenValue(parameter: Record<string, unknown>, references: References): string {
  const schema = references.follow(parameter.schema);
  const choices = Array.isArray(schema.enum) ? schema.enum : [];
  const [example] = Object.values(asObject(parameter.examples)).map((it) => asObject(it).value);
  const single = choices.length === 1 ? choices[0] : undefined;
  const value = schema.const ?? schema.default ?? single ?? parameter.example ?? schema.example ?? example;
  return typeof value === "string" ? value : "";
}

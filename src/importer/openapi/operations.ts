import type { HttpMethod } from "#catalog/schema.js";
import type { JsonObject } from "#core/json-object.js";
import { asObject, asObjects, asText, asTexts, isObject } from "#core/json-object.js";
import type { References } from "#importer/read/references.js";

/** One operation of a description, with its place. */
export interface Operation {
  method: HttpMethod;
  path: string;
  item: JsonObject;
  operation: JsonObject;
}

const methods = ["get", "post", "put", "patch", "delete"] as const;

/** All operations with a method that endpoints have. */
export function operationsOf(description: JsonObject, references: References): Operation[] {
  return Object.entries(asObject(description.paths)).flatMap(([path, given]) => {
    const item = references.follow(given);
    return methods.flatMap((method) => {
      const operation = item[method];
      return isObject(operation)
        ? [{ method: method.toUpperCase() as HttpMethod, path, item, operation }]
        : [];
    });
  });
}

/** The parameters of an operation: its own in place of those of its path that have the same name and place. */
export function parametersOf({ item, operation }: Operation, references: References): JsonObject[] {
  const all = new Map<string, JsonObject>();
  for (const given of [...asObjects(item.parameters), ...asObjects(operation.parameters)]) {
    const parameter = references.follow(given);
    all.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  return [...all.values()];
}

/** The name by which people know an operation. */
export const labelOf = ({ method, path }: Operation) => `${method} ${path.slice(0, 200)}`;

export const idOf = ({ operation }: Operation) => asText(operation.operationId);

export const tagsOf = ({ operation }: Operation) => asTexts(operation.tags);

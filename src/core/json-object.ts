export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value if it is an object, else one without members, since descriptions of strangers have anything anywhere. */
export const asObject = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** The objects among the items of a list. */
export const asObjects = (value: unknown): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

/** The texts among the items of a list. */
export const asTexts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];

export const asText = (value: unknown): string => (typeof value === "string" ? value : "");

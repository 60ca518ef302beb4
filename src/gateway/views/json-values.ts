import { stringify } from "lossless-json";
import { parseAnswer } from "#core/answer-json.js";

/**
 * A number that a JavaScript number would not give back as it came, with every digit. It has no members that a path could
 * lead into.
 */
export class JsonNumber {
  readonly #digits: string;

  constructor(digits: string) {
    this.#digits = digits;
  }

  toString(): string {
    return this.#digits;
  }
}

const numbers = [{ test: (value: unknown) => value instanceof JsonNumber, stringify: String }];

/** @param json is known to be JSON, and not deeper than the stack */
export function readJson(json: string): unknown {
  return parseAnswer(json, toNumber);
}

/** Most numbers are written as JavaScript would write them; those take a fraction of the memory. */
function toNumber(digits: string): number | JsonNumber {
  const value = Number(digits);
  return String(value) === digits ? value : new JsonNumber(digits);
}

/** JSON without white space between its tokens. */
export function writeJson(value: unknown): string {
  return stringify(value, null, undefined, numbers)!;
}

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber)
  );
}

export function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

/** The text; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The objects of a list; none when it is no list. */
export function objectsOf(value: unknown): JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}

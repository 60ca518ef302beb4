import { isSafeNumber, parse } from "lossless-json";
import {
  type Form,
  formsOf,
  isLine,
  isNullable,
  type ParamSchema,
  typeInWords,
} from "#cli/run/params-schema.js";

/** A value that does not fit its flag. The message does not name the flag, which only the caller knows. */
export class ValueError extends Error {}

/** The value that the texts of a flag stand for. More than one text is only for lists. @throws ValueError */
export function parseTexts(texts: string[], schema: ParamSchema): unknown {
  const [only = ""] = texts;
  if (texts.length > 1 && !formsOf(schema).some(({ type }) => type === "array")) {
    throw new ValueError(`is given ${texts.length} times, but takes one value`);
  }
  if (texts.length === 1) return parseText(only, schema);
  const list = formsOf(schema).find(({ type }) => type === "array");
  return texts.flatMap((text) => parseList(text, list?.schema.items ?? {}));
}

/** The first form that fits wins, so `string or integer` keeps digits as text and `integer or string` does not. */
function parseText(text: string, schema: ParamSchema): unknown {
  const forms = formsOf(schema);
  let firstError: ValueError | undefined;
  for (const form of forms) {
    try {
      return parseForm(text, form);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      firstError ??= error;
    }
  }
  if (text === "null" && isNullable(schema)) return null;
  if (forms.length === 1 && firstError) throw firstError;
  throw new ValueError(`expects ${typeInWords(schema)}, not "${clip(text)}"`);
}

function parseForm(text: string, { type, schema }: Form): unknown {
  switch (type) {
    case "string":
      return text;
    case "integer":
      return parseNumber(text, /^-?(0|[1-9]\d*)$/, "an integer");
    case "number":
      return parseNumber(text, /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/, "a number");
    case "boolean":
      if (text !== "true" && text !== "false")
        throw new ValueError(`expects true or false, not "${clip(text)}"`);
      return text === "true";
    case "array":
      return parseList(text, schema.items ?? {});
    case "object":
      return parseObject(text);
    case "any":
      return parseAnything(text);
  }
}

function parseNumber(text: string, grammar: RegExp, what: string): number {
  if (!grammar.test(text)) throw new ValueError(`expects ${what}, not "${clip(text)}"`);
  return exactNumber(text);
}

function exactNumber(text: string): number {
  const value = Number(text);
  if (!isSafeNumber(text, { approx: true }) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
    throw new ValueError(`${clip(text)} is beyond 2^53: it would lose digits on the way`);
  }
  return value;
}

/** A JSON list, one item, or `a,b` where it is sure that the commas stand between items. Empty items are left out. */
function parseList(text: string, items: ParamSchema): unknown[] {
  if (text.trimStart().startsWith("["))
    return parseJson(text, "starts with [ and so must be a JSON list") as unknown[];
  const isJson = formsOf(items).every(({ type }) => type === "object" || type === "array");
  const parts = isJson || isLine(items) ? [text] : text.split(",").map((part) => part.trim());
  if (parts.length > 1 && mayHaveCommas(items) && !parts.every(isPlainWord)) {
    throw new ValueError(
      `has commas and spaces or signs in it, so it is not clear where an item ends. Write it as JSON: '${JSON.stringify([text])}' for one item`,
    );
  }
  return parts.filter((part) => part !== "").map((part) => parseText(part, items));
}

/** Numbers, and words of a closed set without one, have none. */
function mayHaveCommas(items: ParamSchema): boolean {
  if (items.enum) return items.enum.some((value) => String(value).includes(","));
  return formsOf(items).some(({ type }) => type === "string" || type === "any");
}

/** A text that may be one of several with commas between, such as a name, an id or an address. */
export function isPlainWord(text: string): boolean {
  return /^[\p{L}\p{N}_.@+:/#~-]*$/u.test(text);
}

function parseObject(text: string): unknown {
  const value = parseJson(text, "expects a JSON object, or dotted flags");
  if (!isObject(value)) throw new ValueError(`expects a JSON object, not "${clip(text)}"`);
  return value;
}

/** A param of no declared type: JSON when it is JSON, else the text itself. */
function parseAnything(text: string): unknown {
  try {
    return parseJson(text, "is not JSON");
  } catch (error) {
    // Text that begins like an object or a list was meant as one: a service would get it as it stands here.
    const isText =
      error instanceof ValueError && error.cause instanceof SyntaxError && !/^\s*[{[]/.test(text);
    if (isText) return text;
    throw error;
  }
}

/** Numbers that would lose digits are refused rather than changed. */
export function parseJson(text: string, otherwise: string): unknown {
  try {
    return parse(text, null, exactNumber);
  } catch (error) {
    if (error instanceof ValueError) throw error;
    // As help and documentation describe objects: { id: primary }, <title>.
    const quotes = /[{,]\s*[A-Za-z_][\w-]*\s*:|^\s*</.test(text)
      ? '. In JSON, names and texts stand in double quotes: {"id": "primary"}'
      : "";
    throw new ValueError(`${otherwise}: ${(error as Error).message}${quotes}`, { cause: error });
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

import { type ParseErrorCode, printParseErrorCode, visit } from "jsonc-parser";
import { badRequest } from "#core/errors.js";

const maxDepth = 64;
/** Would change the prototype of whatever copies the object carelessly. */
const forbiddenKey = "__proto__";
const [quote, backslash, colon] = [0x22, 0x5c, 0x3a];
const strictJson = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };

/**
 * JSON as strict as it must be at a border: one value, no key twice, no `__proto__`, no bottomless nesting.
 * Throws `bad_request` that names the place.
 *
 * @see RFC 8259 §4 (names within an object SHOULD be unique)
 */
export function parseJsonBody(bytes: Buffer): unknown {
  const text = decode(bytes);
  const value = parse(text);
  // As many keys as the text has names, not too deep, none forbidden: nothing to complain of.
  if (value !== undefined && countKeys(value, 1) === countNames(text)) return value;
  // Only what was found wanting is read the slow way, which knows the place.
  explain(text);
  throw problem("is not valid JSON", "body");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keys in a value; NaN when it is nested too deep or has a forbidden one. */
function countKeys(value: unknown, depth: number): number {
  if (typeof value !== "object" || value === null) return 0;
  if (depth > maxDepth || Object.hasOwn(value, forbiddenKey)) return Number.NaN;
  const children = Object.values(value);
  let count = Array.isArray(value) ? 0 : children.length;
  for (const child of children) count += countKeys(child, depth + 1);
  return count;
}

/** Names of members in a text known to be JSON: its colons outside strings. */
function countNames(text: string): number {
  let count = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) inString = !inString;
    else if (code === backslash) at++;
    else if (code === colon && !inString) count++;
  }
  return count;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw problem("is not valid UTF-8", "body");
  }
}

/** Throws at the first thing that is wrong, naming its place. */
function explain(text: string): void {
  if (text.trim() === "") throw problem("is empty", "body");
  const open: (Set<string> | null)[] = [];
  const enter = (keys: Set<string> | null) => {
    if (open.push(keys) > maxDepth) throw problem(`is nested more than ${maxDepth} deep`, "body");
  };
  const leave = () => {
    open.pop();
  };
  visit(
    text,
    {
      onObjectBegin: () => enter(new Set()),
      onObjectEnd: leave,
      onArrayBegin: () => enter(null),
      onArrayEnd: leave,
      onObjectProperty(key, _offset, _length, line, column, pathTo) {
        const keys = open.at(-1);
        const at = [...pathTo(), key].join(".");
        if (key === forbiddenKey) throw problem(`may not be named ${key}${place(line, column)}`, at);
        if (keys?.has(key)) throw problem(`stands twice${place(line, column)}`, at);
        keys?.add(key);
      },
      onError(code: ParseErrorCode, _offset, _length, line, column) {
        throw problem(`is not valid JSON: ${words(printParseErrorCode(code))}${place(line, column)}`, "body");
      },
    },
    strictJson,
  );
}

function problem(message: string, at: string): Error {
  return badRequest([{ at, message }]);
}

function place(line: number, column: number): string {
  return ` (line ${line + 1}, column ${column + 1})`;
}

/** `CommaExpected` → `comma expected`. */
function words(code: string): string {
  return code.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

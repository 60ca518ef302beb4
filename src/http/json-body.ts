import { setImmediate as nextTurn } from "node:timers/promises";
import { type ParseErrorCode, printParseErrorCode, visit } from "jsonc-parser";
import { badRequest } from "#core/errors.js";
import { measureJson } from "#core/json-measure.js";

/** A member of this name changes the prototype of an object into which it is copied carelessly. */
const forbiddenKey = "__proto__";
const strictJson = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };
/**
 * For a longer body the error does not name the place, since the parser that finds places takes a hundred times as
 * long.
 */
const explainedBytes = 64 * 1024;
const longBytes = 256 * 1024;

/**
 * JSON as strict as it must be at a border: one value, no key twice, no `__proto__`, within `jsonBounds`.
 * Throws `bad_request` that names the place.
 *
 * @see RFC 8259 §4 (names within an object SHOULD be unique)
 */
export function parseJsonBody(bytes: Buffer): unknown {
  const steps = parsing(bytes);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** Like `parseJsonBody`, but a long body is read in steps, between which other requests are served. */
export async function readJsonBody(bytes: Buffer): Promise<unknown> {
  if (bytes.length <= longBytes) return parseJsonBody(bytes);
  const steps = parsing(bytes);
  for (;;) {
    const step = steps.next();
    await nextTurn();
    if (step.done) return step.value;
  }
}

/** Each step takes up to some ten milliseconds. */
function* parsing(bytes: Buffer): Generator<void, unknown> {
  const { names, excess } = measureJson(bytes);
  if (excess !== undefined) throw problem(excess, "body");
  yield;
  const text = decode(bytes);
  yield;
  const value = parse(text);
  yield;
  const keys = value === undefined ? undefined : countKeys(value);
  // As many keys as the text has names, and none forbidden: nothing is wrong.
  if (value !== undefined && keys === names) return value;
  // Only a text with a mistake is read by the slow parser, which finds its place.
  if (bytes.length <= explainedBytes) explain(text);
  if (keys === undefined) throw problem("is not valid JSON", "body");
  throw problem(
    keys === null ? `may not have a member named ${forbiddenKey}` : "has a name twice in one object",
    "body",
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keys in a value; null when one is forbidden. */
function countKeys(value: unknown): number | null {
  if (typeof value !== "object" || value === null) return 0;
  if (Object.hasOwn(value, forbiddenKey)) return null;
  const children = Object.values(value);
  let count = Array.isArray(value) ? 0 : children.length;
  for (const child of children) {
    const keys = countKeys(child);
    if (keys === null) return null;
    count += keys;
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
    open.push(keys);
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
        throw problem(
          `is not valid JSON: ${codeInWords(printParseErrorCode(code))}${place(line, column)}`,
          "body",
        );
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
function codeInWords(code: string): string {
  return code.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

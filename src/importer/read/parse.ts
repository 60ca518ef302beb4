import { parseDocument } from "yaml";
import { badRequest } from "#core/errors.js";
import { isDeeperThan } from "#core/json-text.js";

/** Lists and objects within each other beyond this are no description. */
const maxDepth = 500;
/** Values of all kinds in one document; YAML makes many of few by its aliases. */
const maxValues = 6_000_000;
/** Reading YAML takes a hundred times as long as JSON, and as much more memory. */
const maxYamlLength = 8 * 1024 * 1024;
/** Anchors of YAML may be used as often as this, since each use is a copy. */
const maxAliases = 1_000;

/**
 * A document in JSON or YAML as a tree of values, without names that objects of JavaScript have a meaning for.
 *
 * @param at whose text it is, for messages
 * @throws SkillettError `bad_request`
 */
export function parseText(text: string, at = "description"): unknown {
  const value = /^\s*[[{]/.test(text) ? parseJson(text, at) : parseYaml(text, at);
  if (!isBounded(value)) throw unusable("unfolds into too much", at);
  return value;
}

function parseJson(text: string, at: string): unknown {
  if (isDeeperThan(text, maxDepth)) throw unusable("is nested too deeply", at);
  try {
    return JSON.parse(text);
  } catch {
    // Flow style of YAML begins like JSON.
    return parseYaml(text, at);
  }
}

function parseYaml(text: string, at: string): unknown {
  if (text.length > maxYamlLength) {
    throw unusable(
      `is no JSON, and as YAML larger than ${maxYamlLength / 1024 ** 2} MiB: give it as JSON`,
      at,
    );
  }
  try {
    // Pretty errors have their surroundings, and a text can have a million errors.
    const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false, logLevel: "error" });
    const [error] = document.errors;
    if (error)
      throw unusable(`is neither JSON nor YAML: ${error.message} (line ${lineAt(text, error.pos[0])})`, at);
    return document.toJS({ maxAliasCount: maxAliases });
  } catch (error) {
    // Deep nesting overflows the stack, and aliases are counted.
    if (error instanceof RangeError || error instanceof ReferenceError) {
      throw unusable("unfolds into too much", at);
    }
    throw error;
  }
}

const lineAt = (text: string, offset: number) => text.slice(0, offset).split("\n").length;

/** Whether the tree is of a size to work with; aliases that lead back to where they stand have none. */
function isBounded(root: unknown): boolean {
  let left = maxValues;
  function visit(value: unknown, depth: number): boolean {
    left -= 1;
    if (left < 0 || depth > maxDepth) return false;
    if (typeof value !== "object" || value === null) return true;
    if (Array.isArray(value)) return value.every((item) => visit(item, depth + 1));
    if (Object.hasOwn(value, "__proto__")) Reflect.deleteProperty(value, "__proto__");
    return Object.values(value).every((item) => visit(item, depth + 1));
  }
  return visit(root, 0);
}

export function unusable(why: string, at = "description"): Error {
  return badRequest([{ at, message: why }]);
}

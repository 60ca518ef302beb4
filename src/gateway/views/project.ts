import { readPath } from "#catalog/body.js";
import type { View, ViewField } from "#catalog/view.js";
import { isDeeperThan } from "#core/json-text.js";
import { readers } from "#gateway/views/decode.js";
import {
  isList,
  isObject,
  JsonNumber,
  type JsonObject,
  readJson,
  writeJson,
} from "#gateway/views/json-values.js";

/** Lists and objects within each other beyond this are not read, since that takes stack. */
const maxDepth = 500;

/**
 * The view of data; undefined when it has nothing of what the view reads. Throws for no data whatever.
 *
 * @param json without white space between tokens
 * @returns JSON
 */
export function project(json: string, view: View): string | undefined {
  if (!/^[[{]/.test(json) || isDeeperThan(json, maxDepth)) return undefined;
  const projected = writeJson(applyView(readJson(json), view));
  return nothing.test(projected) ? undefined : projected;
}

/** Brackets around no fields. */
const nothing = /^[[\]{},]*$/;

/** Undefined for what has no fields. */
function applyView(value: unknown, view: View): unknown {
  if (isList(value)) return value.map((item) => applyView(item, view)).filter(isThere);
  return isObject(value) ? fieldsOf(value, view) : undefined;
}

function fieldsOf(object: JsonObject, view: View): JsonObject {
  const result: JsonObject = {};
  for (const [name, field] of Object.entries(view)) {
    const value = readField(object, field);
    if (value === undefined) continue;
    // A field that has its name in the view counts more than one that a decoder gives.
    if (field.flatten && isObject(value)) {
      for (const [inner, its] of Object.entries(value)) if (!Object.hasOwn(view, inner)) result[inner] = its;
    } else result[name] = value;
  }
  return result;
}

function readField(object: JsonObject, { from, each, as, fields, join }: ViewField): unknown {
  let value = from === null ? object : readPath(object, from);
  if (value !== undefined && each !== null) value = eachOf(value, (item) => readPath(item, each));
  if (value !== undefined && as !== null) value = eachOf(value, readers[as]);
  if (value !== undefined && fields !== null) value = applyView(value, fields);
  return join === null ? value : joined(value, join);
}

/** Lists are mapped through; items without a result are left out. */
function eachOf(value: unknown, read: (item: unknown) => unknown): unknown {
  return isList(value) ? value.map(read).filter(isThere) : read(value);
}

/** A list of texts and numbers as one text; anything else as it is. */
function joined(value: unknown, separator: string): unknown {
  return isList(value) && value.every(isScalar) ? value.map(String).join(separator) : value;
}

const isThere = (value: unknown) => value !== undefined;
const isScalar = (value: unknown) =>
  ["string", "number", "boolean"].includes(typeof value) || value instanceof JsonNumber;

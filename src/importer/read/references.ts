import type { JsonObject } from "#core/json-object.js";
import { asObject, isObject } from "#core/json-object.js";
import { type Documents, splitReference } from "#importer/read/documents.js";

/** Follows the references of a description. */
export interface References {
  /** The object itself, or the one that its `$ref` leads to; empty when that is nowhere. */
  follow(value: unknown): JsonObject;
  /** References that lead to nothing. */
  broken: ReadonlySet<string>;
}

/** References to references, each within the last. */
const maxHops = 20;

/** @see RFC 6901, JSON Pointer */
export function createReferences(description: JsonObject, documents: Documents): References {
  const broken = new Set<string>();
  function follow(value: unknown): JsonObject {
    let current = value;
    for (let hops = 0; isObject(current) && typeof current.$ref === "string"; hops++) {
      const reference: string = current.$ref;
      current = hops < maxHops ? target(reference) : undefined;
      if (current === undefined) broken.add(reference);
    }
    return asObject(current);
  }
  function target(reference: string): unknown {
    const [written, pointer] = splitReference(reference);
    if (written === "") return at(description, pointer);
    const address = documents.resolve(written);
    return address === undefined ? undefined : at(documents.get(address), pointer);
  }
  return { follow, broken };
}

function at(document: unknown, pointer: string): unknown {
  if (pointer === "") return document;
  if (!pointer.startsWith("/")) return undefined;
  let value = document;
  for (const step of pointer.slice(1).split("/").map(unescapeStep)) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as JsonObject)[step];
  }
  return value;
}

function unescapeStep(step: string): string {
  const plain = /%[0-9A-Fa-f]{2}/.test(step) ? decode(step) : step;
  return plain.replaceAll("~1", "/").replaceAll("~0", "~");
}

function decode(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

import { measureJson } from "#core/json-measure.js";

/**
 * The one value in a JSON text, as strict as a body must be. Undefined when it is none, when it could be
 * understood in two ways (a name twice in an object, a member `__proto__`), and beyond the bounds of bodies.
 *
 * @see RFC 8259 §4 (names within an object SHOULD be unique)
 */
export function strictJson(text: string): unknown {
  const { names, excess } = measureJson(Buffer.from(text));
  if (excess !== undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return countKeys(value) === names ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Keys in a value; NaN when one is forbidden. */
function countKeys(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  if (Object.hasOwn(value, "__proto__")) return Number.NaN;
  const children = Object.values(value);
  const own = Array.isArray(value) ? 0 : children.length;
  return children.reduce((count: number, child) => count + countKeys(child), own);
}

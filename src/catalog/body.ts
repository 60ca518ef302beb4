import { isDeeperThan } from "#core/json-text.js";

/** Matches a JSON body in which every listed field has one of the listed values. */
export type BodyMatch = Record<string, readonly (string | number | boolean)[]>;

/**
 * The value at a dotted path of a JSON body; undefined when there is none. Through a list, a step is a number
 * (`emails.0`), or names the element to take by one of its fields (`items.primary=true`).
 */
export function readPath(body: unknown, path: string): unknown {
  let value = body;
  for (const step of path.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    if (Array.isArray(value) && step.includes("=")) value = value.find((element) => isChosen(element, step));
    else if (Object.hasOwn(value, step)) value = (value as Record<string, unknown>)[step];
    else return undefined;
  }
  return value;
}

function isChosen(element: unknown, step: string): boolean {
  const at = step.indexOf("=");
  const value = readPath(element, step.slice(0, at));
  return value !== undefined && !isContainer(value) && String(value) === step.slice(at + 1);
}

/** A list or an object, which may have a `toString` of its own that is no function. */
function isContainer(value: unknown): boolean {
  return (
    Array.isArray(value) ||
    (typeof value === "object" && Object.getPrototypeOf(value ?? 0) === Object.prototype)
  );
}

/** Lists and objects within each other beyond this are no answer that means anything, and cost memory by depth. */
const maxDepth = 1_000;

/** The JSON in a body; undefined when it is none. */
export function parseJson(body: Buffer): unknown {
  const text = body.toString();
  if (isDeeperThan(text, maxDepth)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Does every listed field of a JSON body have one of its listed values? */
export function matches(body: unknown, match: BodyMatch): boolean {
  return Object.entries(match).every(([path, values]) =>
    (values as unknown[]).includes(readPath(body, path)),
  );
}

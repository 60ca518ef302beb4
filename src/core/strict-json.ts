/** No service has its bodies deeper; following a value much further would overflow the stack. */
const maxDepth = 64;
const [quote, backslash, colon] = [0x22, 0x5c, 0x3a];

/**
 * The one value in a JSON text. Undefined when it is none, and when it could be understood in two ways: a name
 * twice in an object, a member `__proto__`, or bottomless nesting.
 *
 * @see RFC 8259 §4 (names within an object SHOULD be unique)
 */
export function strictJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return countKeys(value, 1) === countNames(text) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Keys in a value; NaN when it is nested too deep or has a forbidden one. */
function countKeys(value: unknown, depth: number): number {
  if (typeof value !== "object" || value === null) return 0;
  if (depth > maxDepth || Object.hasOwn(value, "__proto__")) return Number.NaN;
  const children = Object.values(value);
  let count = Array.isArray(value) ? 0 : children.length;
  for (const child of children) count += countKeys(child, depth + 1);
  return count;
}

/** Names of members in a text known to be JSON: its colons outside of strings. */
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

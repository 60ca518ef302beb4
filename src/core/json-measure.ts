/**
 * Bounds of JSON from outside, so that reading it does not hold up other requests: a value or the name of a member
 * costs about ten times as much time and memory as it has characters.
 */
export const jsonBounds = { depth: 64, values: 100_000 };

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openBracket, openBrace, closeBracket, closeBrace] = [0x5b, 0x7b, 0x5d, 0x7d];

/** Size of a JSON text, found before it becomes values. */
export interface JsonMeasure {
  /** Names of members. */
  names: number;
  /** Bytes of the longest text or name, as it is written. */
  maxTextBytes: number;
  /** Why it is more than `jsonBounds`, `is nested more than 64 deep`; counting ends there. */
  excess: string | undefined;
}

/**
 * Counts the values that a JSON text would become, in one pass that builds nothing. It never throws: for text that is
 * not JSON the counts mean nothing.
 *
 * @param json UTF-8
 */
export function measureJson(json: Uint8Array): JsonMeasure {
  let [names, values, depth, maxTextBytes] = [0, 1, 0, 0];
  let inString = false;
  let textStart = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]!;
    if (inString) {
      if (byte === backslash) {
        at++;
      } else if (byte === quote) {
        inString = false;
        maxTextBytes = Math.max(maxTextBytes, at - textStart);
      }
    } else if (byte === quote) {
      inString = true;
      textStart = at + 1;
    } else if (byte === comma || byte === colon) {
      if (byte === colon) names++;
      if (++values > jsonBounds.values) return { names, maxTextBytes, excess: tooMany };
    } else if (byte === openBracket || byte === openBrace) {
      values++;
      if (++depth > jsonBounds.depth) return { names, maxTextBytes, excess: tooDeep };
    } else if (byte === closeBracket || byte === closeBrace) {
      depth--;
    }
  }
  return { names, maxTextBytes, excess: undefined };
}

const tooMany = `has more than ${jsonBounds.values} values and names`;
const tooDeep = `is nested more than ${jsonBounds.depth} deep`;

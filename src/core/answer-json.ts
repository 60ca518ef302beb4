import { isSafeNumber, parse } from "lossless-json";

/**
 * The values of an answer of a service, with every digit of its numbers. The last of several members with one name counts,
 * as for `JSON.parse`: the call was made, so its answer is not lost over that.
 *
 * @param json is known to be JSON, and not deeper than the stack
 * @param parseNumber makes the value of a number; without it they are `LosslessNumber`
 */
export function parseAnswer(json: string, parseNumber?: (digits: string) => unknown): unknown {
  return parse(json, null, {
    ...(parseNumber ? { parseNumber } : {}),
    onDuplicateKey: ({ newValue }) => newValue,
  });
}

/** A number that would lose digits stays the text it was. */
export const exactNumber = (digits: string) => (isSafeNumber(digits) ? Number(digits) : digits);

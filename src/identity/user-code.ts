import { randomInt } from "node:crypto";
import { badRequest } from "#core/errors.js";

/** No vowels, so no words; no digits; nothing that is easily taken for something else. @see RFC 8628 §6.1 */
const alphabet = "BCDFGHJKLMNPQRSTVWXZ";
const length = 8;

/** Eight random letters, some 34 bits: enough for a quarter of an hour and a few guesses. */
export function newUserCode(): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

/** `XXXX-XXXX`, as people see it. */
export function showUserCode(code: string): string {
  return `${code.slice(0, length / 2)}-${code.slice(length / 2)}`;
}

/**
 * The code in a text that a person typed: case, spaces, dashes and other signs do not matter.
 *
 * @throws bad_request when it cannot be one
 */
export function readUserCode(text: string): string {
  const code = text.replace(/[^\p{L}\p{N}]/gu, "").replace(/[a-z]/g, (letter) => letter.toUpperCase());
  const foreign = [...code].find((character) => !alphabet.includes(character));
  if (foreign !== undefined) {
    throw invalid(`has ${foreign} in it, which no code has. Codes are ${length} letters of ${alphabet}`);
  }
  if (code.length === length) return code;
  throw invalid(`must have ${length} letters, as the device shows them, not ${code.length}`);
}

/** The same error for unknown, expired and used codes, so that it does not reveal which codes exist. */
export function userCodeUnknown(): Error {
  return invalid("is not a code that waits for an answer. Compare it with the device, or begin anew there");
}

function invalid(message: string): Error {
  return badRequest([{ at: "user_code", message }]);
}

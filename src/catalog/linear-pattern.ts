import type { Options } from "ajv";
import { RE2JS } from "re2js";

/**
 * A regular expression whose tests take time in proportion to the text, whatever the expression: whoever writes an
 * integration cannot have the event loop held. It is taken apart when it is used for the first time.
 *
 * @see https://github.com/google/re2/wiki/Syntax
 */
export class LinearPattern {
  readonly source: string;
  #compiled: RE2JS | undefined;

  constructor(source: string) {
    this.source = source;
  }

  /** @throws when it is no regular expression of this kind */
  test(text: string): boolean {
    this.#compiled ??= compile(this.source);
    return this.#compiled.test(text);
  }

  /** Ajv takes two patterns for one when they are the same text. */
  toString(): string {
    return this.source;
  }
}

function compile(source: string): RE2JS {
  // A pattern of RE2 alone is none of JSON Schema, and of no use to clients that check params themselves.
  new RegExp(source, "u");
  try {
    return RE2JS.compile(RE2JS.translateRegExp(source));
  } catch (error) {
    const { message } = error as Error;
    throw new Error(
      `${message.replace(/^error parsing regexp: /, "")}; patterns are of RE2: without (?=…), (?!…) and \\1, and {n,m} up to 1000`,
    );
  }
}

/** Why a text cannot be a pattern of a file; null when it can. */
export function patternIssue(source: string): string | null {
  try {
    compile(source);
    return null;
  } catch (error) {
    return `is no regular expression that can be used: ${(error as Error).message}`;
  }
}

/** For Ajv: the patterns of a schema, as such expressions. */
export const linearPatterns: NonNullable<NonNullable<Options["code"]>["regExp"]> = Object.assign(
  (source: string) => {
    const pattern = new LinearPattern(source);
    // Schemas with a pattern that cannot be used are refused as a whole, rather than at the first value.
    pattern.test("");
    return pattern;
  },
  { code: "new RegExp" },
);

import { Transform } from "node:stream";
import { JSONParser, TokenType } from "@streamparser/json";

/** Lists and objects within each other beyond this break a streamed answer off. */
export const maxStreamedDepth = 128;
/** A single text, name or number of more bytes breaks it off, too: it is held until its end. */
const maxTokenLength = 16 * 1024 * 1024;

/**
 * Passes JSON through as it is and fails at the first byte that makes it no JSON text, or one that cannot be checked
 * in little memory. For bodies too large to be held.
 *
 * @see RFC 8259
 */
export function createJsonCheck(): Transform {
  let failure: Error | undefined;
  const fail = (what: string) => {
    failure ??= Object.assign(new Error(`Malformed JSON: ${what}`), { code: "ERR_MALFORMED_JSON" });
  };
  let depth = 0;
  let written = 0;
  /** Where the last token began; undefined while there is none. */
  let reached: number | undefined;

  // No value is asked for, and none is kept.
  const parser = new JSONParser({ paths: [], keepStack: false });
  parser.onValue = () => {};
  parser.onError = ({ message }) => fail(message);
  parser.onEnd = () => {};
  parser.onToken = ({ token, offset }) => {
    reached = offset;
    if (token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET) depth += 1;
    else if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) depth -= 1;
    if (depth > maxStreamedDepth) throw new Error("too deep");
  };

  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      parser.write(chunk);
      written += chunk.length;
      if (written - (reached ?? 0) > maxTokenLength) fail("a token that is too long");
      done(failure ?? null, chunk);
    },
    flush(done) {
      if (!parser.isEnded) parser.end();
      if (reached === undefined) fail("nothing is there");
      done(failure ?? null);
    },
  });
}

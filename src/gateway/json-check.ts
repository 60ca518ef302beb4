import { Transform } from "node:stream";
import { Tokenizer, TokenType } from "@streamparser/json";

/** What may come next. */
type Expected = "value" | "valueOrEnd" | "key" | "keyOrEnd" | "colon" | "more" | "nothing";

const scalars = new Set([
  TokenType.STRING,
  TokenType.NUMBER,
  TokenType.TRUE,
  TokenType.FALSE,
  TokenType.NULL,
]);

/**
 * Passes JSON through as it is and fails at the first byte that makes it no JSON text. For bodies too large
 * to be held: memory does not grow with them.
 *
 * @see RFC 8259
 */
export function createJsonCheck(): Transform {
  const tokenizer = new Tokenizer();
  const open: ("object" | "array")[] = [];
  let expected: Expected = "value";
  let fault: Error | undefined;

  tokenizer.onError = ({ message }) => {
    fault ??= malformed(message);
  };
  tokenizer.onEnd = () => {};
  tokenizer.onToken = ({ token }) => {
    const next = step(expected, token, open);
    if (next) expected = next;
    else fault ??= malformed("an unexpected token");
  };

  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      tokenizer.write(chunk);
      done(fault ?? null, chunk);
    },
    flush(done) {
      if (!tokenizer.isEnded) tokenizer.end();
      done(fault ?? (expected === "nothing" ? null : malformed("an early end")));
    },
  });
}

function malformed(what: string): Error {
  return Object.assign(new Error(`Malformed JSON: ${what}`), { code: "ERR_MALFORMED_JSON" });
}

function step(expected: Expected, token: TokenType, open: ("object" | "array")[]): Expected | undefined {
  const inside = open.at(-1);
  switch (expected) {
    case "value":
    case "valueOrEnd":
      if (token === TokenType.LEFT_BRACE) return enter(open, "object");
      if (token === TokenType.LEFT_BRACKET) return enter(open, "array");
      if (token === TokenType.RIGHT_BRACKET && expected === "valueOrEnd") return leave(open);
      return scalars.has(token) ? after(open) : undefined;
    case "key":
    case "keyOrEnd":
      if (token === TokenType.RIGHT_BRACE && expected === "keyOrEnd") return leave(open);
      return token === TokenType.STRING ? "colon" : undefined;
    case "colon":
      return token === TokenType.COLON ? "value" : undefined;
    case "more":
      if (token === TokenType.COMMA) return inside === "object" ? "key" : "value";
      if (token === TokenType.RIGHT_BRACE && inside === "object") return leave(open);
      if (token === TokenType.RIGHT_BRACKET && inside === "array") return leave(open);
      return undefined;
    case "nothing":
      return undefined;
  }
}

function enter(open: ("object" | "array")[], kind: "object" | "array"): Expected {
  open.push(kind);
  return kind === "object" ? "keyOrEnd" : "valueOrEnd";
}

function leave(open: ("object" | "array")[]): Expected {
  open.pop();
  return after(open);
}

function after(open: ("object" | "array")[]): Expected {
  return open.length > 0 ? "more" : "nothing";
}

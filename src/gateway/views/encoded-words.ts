import { decodeText } from "#gateway/views/base64-text.js";

const word = String.raw`=\?([\w-]+)(?:\*[\w-]*)?\?([bq])\?([^?\s]*)\?=`;
/** With the space after it when another one follows, since that is none of the text. */
const encodedWords = new RegExp(`${word}(?:\\s+(?=${word}))?`, "gi");

/** The value of a header field as it reads, where it still has words in ASCII that stand for others. @see RFC 2047 */
export function decodeWords(value: string): string {
  if (!value.includes("=?")) return value;
  return value.replace(encodedWords, (_, charset: string, encoding: string, text: string) =>
    decodeText(/b/i.test(encoding) ? Buffer.from(text, "base64") : quotedBytes(text), charset),
  );
}

/** @see RFC 2047 §4.2 */
function quotedBytes(text: string): Buffer {
  const bytes = text
    .replaceAll("_", " ")
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1");
}

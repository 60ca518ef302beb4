import { isUtf8 } from "node:buffer";
import { TextDecoder } from "node:util";

/** Neither of both alphabets, padding, nor white space; or something after the padding. @see RFC 4648 §3.2, §4, §5 */
const noBase64 = /[^\w+/=\s-]|=\s*[^=\s]/;

/** The bytes that a text stands for; undefined when it is no Base64. */
export function base64Bytes(value: unknown): Buffer | undefined {
  return typeof value === "string" && !noBase64.test(value) ? Buffer.from(value, "base64") : undefined;
}

/** The text in Base64; undefined when it is no Base64, or its bytes are no text. */
export function decodeBase64Text(value: unknown): string | undefined {
  const bytes = base64Bytes(value);
  return bytes && isUtf8(bytes) && !bytes.includes(0) ? bytes.toString() : undefined;
}

/** Encodings of seven-bit bytes, which are valid UTF-8 with another meaning. */
const sevenBit = /^(iso-2022|hz-gb|utf-7)/i;

/** Text of these bytes: in UTF-8 if they can be, else in the charset they are said to be in. */
export function decodeText(bytes: Buffer, charset: string | undefined): string {
  if (isUtf8(bytes) && !sevenBit.test(charset ?? "")) return bytes.toString();
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString();
  }
}

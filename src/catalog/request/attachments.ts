import { buildHeaderParam } from "nodemailer/lib/mime-funcs";
import { FileFacts, type Piece } from "#catalog/pieces.js";
import type { Values } from "#catalog/request/values.js";

/** The param of an email that takes files. */
export const attachmentsParam = "attachments";

const eol = "\r\n";

export function attachmentsOf(values: Values): readonly FileFacts[] {
  const value = values[attachmentsParam];
  return Array.isArray(value) ? value.filter((item) => item instanceof FileFacts) : [];
}

/**
 * A message, with files behind its content where there are any.
 *
 * @param head headers, each with its line end
 * @param content header lines of the content, an empty line, and the content
 * @see RFC 2046 §5.1.3
 */
export function withAttachments(
  head: string,
  content: string,
  files: readonly FileFacts[],
): readonly Piece[] {
  if (files.length === 0) return [Buffer.from(head + content)];
  // A boundary has a character that Base64 has not, so only the content could have it in itself.
  const boundary = freeBoundary("mixed", content);
  const begin = [`Content-Type: multipart/mixed; boundary="${boundary}"`, "", `--${boundary}`, content].join(
    eol,
  );
  const parts = files.flatMap((file): Piece[] => [
    Buffer.from(`${eol}--${boundary}${eol}${headersOf(file)}${eol}${eol}`),
    { encoding: "mime", pieces: [file] },
  ]);
  return [Buffer.from(head + begin), ...parts, Buffer.from(`${eol}--${boundary}--${eol}`)];
}

/** A separator that occurs nowhere in a text. */
export function freeBoundary(word: string, text: string): string {
  let number = 1;
  while (text.includes(`=_${word}_${number}`)) number++;
  return `=_${word}_${number}`;
}

/** Names that are long or not plain ASCII are written in pieces. @see RFC 2183, RFC 2231 */
function headersOf({ name, mediaType }: FileFacts): string {
  const names = buildHeaderParam("filename", name, 50).map(
    ({ key, value }) => `;${eol} ${key}=${key.endsWith("*") ? value : quoted(value)}`,
  );
  return [
    `Content-Type: ${partType(mediaType)}`,
    "Content-Transfer-Encoding: base64",
    `Content-Disposition: attachment${names.join("")}`,
  ].join(eol);
}

const quoted = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;

/** Messages and their parts must not be in Base64, so they are sent as mere bytes. @see RFC 2045 §6.4 */
const partType = (mediaType: string) =>
  /^(message|multipart)\//i.test(mediaType) ? "application/octet-stream" : mediaType;

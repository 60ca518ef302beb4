import { mailHeaders } from "#catalog/view.js";
import { base64Bytes, decodeText } from "#gateway/views/base64-text.js";
import { decodeWords } from "#gateway/views/encoded-words.js";
import { htmlToText } from "#gateway/views/html-text.js";
import { isObject, type JsonObject, objectsOf, textOf } from "#gateway/views/json-values.js";

/** Parts within each other beyond this are not looked at. */
const maxDepth = 100;

/**
 * A message as a tree of parts: each has `mimeType`, `headers` (a list of `name` and `value`), `filename`, `parts`, and
 * `body` with `data` in Base64, `size` and `attachmentId`. Gives the usual header fields, the text, and a list of the
 * attachments. Of alternatives the plain text is taken, else the text of the HTML.
 *
 * @returns undefined when it is no such tree
 * @see RFC 2045, RFC 2046 §5.1
 */
export function readMimeTree(value: unknown): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  const attachments: JsonObject[] = [];
  const text = joinTexts(textsOf(value, attachments, 0));
  return {
    ...headerFields(value),
    ...(text === "" ? {} : { text }),
    ...(attachments.length > 0 ? { attachments } : {}),
  };
}

/** A text of the message, and whether it was written as plain text. */
interface Text {
  text: string;
  isPlain: boolean;
}

const joinTexts = (texts: Text[]) => texts.map(({ text }) => text.trim()).join("\n\n");

function textsOf(part: JsonObject, attachments: JsonObject[], depth: number): Text[] {
  if (depth > maxDepth) return [];
  const type = mediaTypeOf(part);
  const parts = objectsOf(part.parts);
  if (isAttached(part, type)) {
    attachments.push(attachmentOf(part, type));
    return [];
  }
  if (parts.length === 0) return leafTexts(part, type);
  const texts = parts.map((it) => textsOf(it, attachments, depth + 1));
  return type === "multipart/alternative" ? chooseAlternative(texts) : texts.flat();
}

/** The first one in plain text, else the last, which is the one that its writer likes best. @see RFC 2046 §5.1.4 */
function chooseAlternative(alternatives: Text[][]): Text[] {
  const said = alternatives.filter((texts) => texts.length > 0);
  return said.find((texts) => texts.every(({ isPlain }) => isPlain)) ?? said.at(-1) ?? [];
}

function leafTexts(part: JsonObject, type: string): Text[] {
  const bytes = isObject(part.body) ? base64Bytes(part.body.data) : undefined;
  if (!bytes) return [];
  const decoded = decodeText(
    bytes,
    /;\s*charset="?([^"\s;]+)/i.exec(headerOf(part, "content-type") ?? "")?.[1],
  );
  const isPlain = type !== "text/html";
  const text = isPlain ? decoded : htmlToText(decoded);
  return text.trim() === "" ? [] : [{ text, isPlain }];
}

/** Everything that has a name, calls itself an attachment, is no text, or has its content elsewhere. */
function isAttached(part: JsonObject, type: string): boolean {
  if (type.startsWith("multipart/")) return false;
  if (textOf(part.filename)) return true;
  if (/^\s*attachment\b/i.test(headerOf(part, "content-disposition") ?? "")) return true;
  if (!isObject(part.body)) return false;
  if (!["", "text/plain", "text/html", "message/rfc822"].includes(type)) return true;
  return part.body.data === undefined && textOf(part.body.attachmentId) !== undefined;
}

function attachmentOf(part: JsonObject, type: string): JsonObject {
  const body = isObject(part.body) ? part.body : {};
  return {
    ...(textOf(part.filename) ? { filename: part.filename } : {}),
    ...(type === "" ? {} : { media_type: type }),
    ...("size" in body ? { size: body.size } : {}),
    ...(textOf(body.attachmentId) ? { attachment_id: body.attachmentId } : {}),
  };
}

const mediaTypeOf = (part: JsonObject) => (textOf(part.mimeType) ?? "").trim().toLowerCase();

function headerFields(part: JsonObject): JsonObject {
  return Object.fromEntries(
    mailHeaders.flatMap((name) => {
      const value = headerOf(part, name.replaceAll("_", "-"));
      return value === undefined ? [] : [[name, decodeWords(value)]];
    }),
  );
}

/** Names of header fields are written in any case. @see RFC 5322 §1.2.2 */
export function headerOf(part: JsonObject, name: string): string | undefined {
  const found = objectsOf(part.headers).find((header) => textOf(header.name)?.toLowerCase() === name);
  return textOf(found?.value);
}

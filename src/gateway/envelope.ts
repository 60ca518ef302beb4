import { isUtf8 } from "node:buffer";
import { Transform } from "node:stream";
import { TextDecoder } from "node:util";
import { isDeeperThan } from "#core/json-text.js";
import type { Beside } from "#gateway/beside.js";
import { createJsonCheck, maxStreamedDepth } from "#gateway/json-check.js";

/** How a body appears under `data`: JSON as it is, text as a string, anything else in Base64. */
export type Form = "json" | "text" | "binary";

const jsonType = /[/+]json$/;
const textType = /^text\/|[/+]xml$|\/(javascript|ecmascript|yaml|x-yaml|csv|x-www-form-urlencoded|graphql)$/;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

export interface MediaType {
  /** `text/html`, lower case; empty when the service named none. */
  type: string;
  charset: string;
}

/** @see RFC 9110 §8.3.1 */
export function mediaType(header: string | string[] | undefined): MediaType {
  const [type = "", ...parameters] = String(header ?? "").split(";");
  const charset = parameters
    .map((parameter) => /^\s*charset="?([^"\s]+)"?\s*$/i.exec(parameter)?.[1])
    .find(Boolean);
  return { type: type.trim().toLowerCase(), charset: charset ?? "utf-8" };
}

/** Lists and objects within each other beyond this are given as text: parsing them would take memory by depth. */
const maxDepth = 10_000;

/**
 * The whole answer for a body that is all there. JSON is spliced in byte for byte, so no number loses a
 * digit; text that claims to be JSON and is not becomes a string. No body is `null`.
 *
 * @param beside stands with the data: a refusal before it, everything else behind
 */
export function envelope(status: number, media: MediaType, body: Buffer, beside: Beside = {}): string {
  const bytes = body.subarray(0, 3).equals(byteOrderMark) ? body.subarray(3) : body;
  const begin = beginning(status, beside);
  const end = ending(beside);
  if (bytes.length === 0) return `${begin}"data":null${end}`;
  if (formOf(media, bytes) === "binary") {
    return `${begin}${describe("binary", media)}${bytes.toString("base64")}"${end}`;
  }
  const text = decode(bytes, media.charset);
  const isJson = (jsonType.test(media.type) || media.type === "") && parses(text);
  return `${begin}"data":${isJson ? text : JSON.stringify(text)}${end}`;
}

/** The whole answer for data that is JSON already. */
export function jsonEnvelope(status: number, json: string, beside: Beside): string {
  return `${beginning(status, beside)}"data":${json}${ending(beside)}`;
}

/** The answer to a body too large to hold: the text before the body, the writer of the body, the text after it. */
export interface StreamedEnvelope {
  prefix: string;
  writer: Transform;
  suffix: string;
}

export function streamedEnvelope(
  status: number,
  media: MediaType,
  head: Buffer,
  beside: Beside = {},
): StreamedEnvelope {
  const natural = formOf(media, head);
  const form =
    natural === "json" && isDeeperThan(head.toString("latin1"), maxStreamedDepth) ? "text" : natural;
  const prefix = beginning(status, beside) + describe(form, media);
  const end = ending(beside);
  if (form === "json") return { prefix, writer: createJsonCheck(), suffix: end };
  return { prefix, writer: form === "text" ? writeText(media.charset) : writeBase64(), suffix: `"${end}` };
}

/** A refusal stands first, so that it is known before the data of a long answer. */
function beginning(status: number, { refused }: Beside): string {
  return `{"status":${status},${refused ? `"refused":${JSON.stringify(refused)},` : ""}`;
}

function ending({ hint, page }: Beside): string {
  return `${hint ? `,"hint":${JSON.stringify(hint)}` : ""}${page ? `,"page":${JSON.stringify(page)}` : ""}}`;
}

/** Is it neither JSON nor text? */
export const isBinary = (media: MediaType, head: Buffer) => formOf(media, head) === "binary";

function formOf({ type }: MediaType, head: Buffer): Form {
  if (jsonType.test(type)) return "json";
  if (textType.test(type)) return "text";
  return type === "" && isUtf8(head) ? "text" : "binary";
}

/** `data` up to its value, and how to read that. */
function describe(form: Form, { type }: MediaType): string {
  if (form === "json") return '"data":';
  if (form === "text") return '"data":"';
  const named = type === "" ? "application/octet-stream" : type;
  return `"encoding":"base64","content_type":${JSON.stringify(named)},"data":"`;
}

function writeText(charset: string): Transform {
  const decoder = decoderFor(charset);
  const quote = (text: string) => JSON.stringify(text).slice(1, -1);
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, quote(decoder.decode(chunk, { stream: true }))),
    flush: (done) => done(null, quote(decoder.decode())),
  });
}

function writeBase64(): Transform {
  // Three bytes make four letters: bytes that do not fill a group wait for the next chunk.
  let held: Buffer = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const bytes = Buffer.concat([held, chunk]);
      const cut = bytes.length - (bytes.length % 3);
      held = bytes.subarray(cut);
      done(null, bytes.subarray(0, cut).toString("base64"));
    },
    flush: (done) => done(null, held.toString("base64")),
  });
}

function parses(text: string): boolean {
  if (isDeeperThan(text, maxDepth)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function decode(bytes: Buffer, charset: string): string {
  return /^utf-?8$/i.test(charset) ? bytes.toString("utf8") : decoderFor(charset).decode(bytes);
}

function decoderFor(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}

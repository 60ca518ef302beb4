import { isUtf8 } from "node:buffer";
import { Transform } from "node:stream";
import { TextDecoder } from "node:util";
import { createJsonCheck } from "#gateway/json-check.js";

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

/**
 * The whole answer for a body that is all there. JSON is spliced in byte for byte, so no number loses a
 * digit; what calls itself JSON and is not becomes text. No body is `null`. A `hint` of ours goes last.
 */
export function envelope(status: number, media: MediaType, body: Buffer, hint?: object): string {
  const bytes = body.subarray(0, 3).equals(byteOrderMark) ? body.subarray(3) : body;
  const end = hint ? `,"hint":${JSON.stringify(hint)}}` : "}";
  if (bytes.length === 0) return `{"status":${status},"data":null${end}`;
  if (formOf(media, bytes) === "binary") {
    return `${opening(status, "binary", media)}${bytes.toString("base64")}"${end}`;
  }
  const text = decode(bytes, media.charset);
  const isJson = (jsonType.test(media.type) || media.type === "") && parses(text);
  return `{"status":${status},"data":${isJson ? text : JSON.stringify(text)}${end}`;
}

/** The answer to a body too large to hold: what goes before it, how it is written, what goes behind it. */
export interface StreamedEnvelope {
  prefix: string;
  writer: Transform;
  suffix: string;
}

export function streamedEnvelope(status: number, media: MediaType, head: Buffer): StreamedEnvelope {
  const form = formOf(media, head);
  const prefix = opening(status, form, media);
  if (form === "json") return { prefix, writer: createJsonCheck(), suffix: "}" };
  return { prefix, writer: form === "text" ? writeText(media.charset) : writeBase64(), suffix: '"}' };
}

function formOf({ type }: MediaType, head: Buffer): Form {
  if (jsonType.test(type)) return "json";
  if (textType.test(type)) return "text";
  return type === "" && isUtf8(head) ? "text" : "binary";
}

function opening(status: number, form: Form, { type }: MediaType): string {
  if (form === "json") return `{"status":${status},"data":`;
  if (form === "text") return `{"status":${status},"data":"`;
  const named = type === "" ? "application/octet-stream" : type;
  return `{"status":${status},"encoding":"base64","content_type":${JSON.stringify(named)},"data":"`;
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
  // Three bytes are four letters: what does not fill a group waits for the next chunk.
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

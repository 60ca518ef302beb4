import { stringify } from "lossless-json";
import type { Refusal } from "#catalog/answer/refusals.js";
import { isObject } from "#core/json-object.js";
import { isDeeperThan } from "#core/json-text.js";

/** The result of a tool as an answer of HTTP has it. */
export interface ToolAnswer {
  /** Its media type. */
  type: string;
  body: Buffer;
  refusal: Refusal | undefined;
}

type Text = { type: "text"; text: string };
/** An image or a sound, in Base64. */
type Bytes = { type: "image" | "audio"; data: string; mimeType: string };

/**
 * The result of a tool, as a reader wants it: the structured content, or the only text, which is often JSON, or the bytes of
 * the only image; else the list of all contents.
 */
export function toAnswer(result: unknown): ToolAnswer {
  const { structuredContent, content, isError } = isObject(result) ? result : ({} as Record<string, unknown>);
  const contents = Array.isArray(content) ? content : [];
  const refusal = isError === true ? { message: messageOf(contents), unknown: false } : undefined;
  if (structuredContent !== undefined && structuredContent !== null) return json(structuredContent, refusal);
  if (contents.length === 0) return { ...json(null, refusal), body: Buffer.alloc(0) };
  const [first] = contents;
  if (contents.length > 1) return json(contents, refusal);
  if (isBytes(first)) return { type: first.mimeType, body: Buffer.from(first.data, "base64"), refusal };
  if (!isText(first)) return json(contents, refusal);
  const body = Buffer.from(first.text);
  return { type: isJson(first.text) ? "application/json" : "text/plain; charset=utf-8", body, refusal };
}

const json = (value: unknown, refusal: Refusal | undefined): ToolAnswer => ({
  type: "application/json",
  body: Buffer.from(stringify(value) ?? "null"),
  refusal,
});

const maxMessage = 2_000;

function messageOf(contents: readonly unknown[]): string | undefined {
  const said = contents.filter(isText).map(({ text }) => text);
  return said.length > 0 ? said.join("\n").slice(0, maxMessage) : undefined;
}

/** An object or a list: a text that is a number or a word stays the text it is. */
function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text) || isDeeperThan(text, 500)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const isText = (value: unknown): value is Text =>
  isObject(value) && value.type === "text" && typeof value.text === "string";

const isBytes = (value: unknown): value is Bytes =>
  isObject(value) &&
  (value.type === "image" || value.type === "audio") &&
  typeof value.data === "string" &&
  typeof value.mimeType === "string" &&
  /^(image|audio)\/[\w.+-]+$/.test(value.mimeType);

import { JSONParser } from "@streamparser/json";
import type { AnswerFile } from "#catalog/answer-file.js";

/** Parts of an answer that is JSON. */
export interface AnswerParts {
  text: unknown;
  name: unknown;
  size: unknown;
}

/** Reads JSON as it arrives, and of it keeps the file and what is said of it. Rejects when it is none. */
export async function readParts(json: AsyncIterable<Buffer>, file: AnswerFile): Promise<AnswerParts> {
  const places = { text: file.path, name: file.namePath, size: file.sizePath };
  const wanted = Object.entries(places).flatMap(([part, path]) => (path === null ? [] : [[path, part]]));
  const partOf = new Map(wanted as [string, keyof AnswerParts][]);
  const parts: AnswerParts = { text: undefined, name: undefined, size: undefined };
  const parser = new JSONParser({ paths: [...partOf.keys()].map((path) => `$.${path}`), keepStack: false });
  let failure: Error | undefined;
  parser.onError = (error) => {
    failure ??= error;
  };
  parser.onValue = ({ value, key, stack }) => {
    const path = [...stack.slice(1).map((above) => above.key), key].join(".");
    const part = partOf.get(path);
    if (part) parts[part] = value;
  };
  for await (const bytes of json) {
    parser.write(bytes);
    if (failure) throw failure;
  }
  if (!parser.isEnded) throw new Error("it ends too early");
  return parts;
}

/** Characters that are decoded in one turn. */
const stepCharacters = 256 * 1024;

/** The bytes that a text stands for; undefined for a text that is no Base64. */
export function bytesOfText(
  text: string,
  encoding: AnswerFile["encoding"],
): AsyncIterable<Buffer> | undefined {
  if (encoding === "text") return inSteps(text);
  return /^[A-Za-z0-9+/_-\s]*={0,2}\s*$/.test(text) ? fromBase64(text) : undefined;
}

async function* inSteps(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

async function* fromBase64(text: string): AsyncGenerator<Buffer> {
  let held = "";
  for (let at = 0; at < text.length; at += stepCharacters) {
    const letters = held + text.slice(at, at + stepCharacters).replace(/\s/g, "");
    // Four letters make three bytes.
    const cut = letters.length - (letters.length % 4);
    yield Buffer.from(letters.slice(0, cut), "base64");
    held = letters.slice(cut);
  }
  yield Buffer.from(held, "base64");
}

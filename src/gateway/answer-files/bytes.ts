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
  const named = Object.entries(places).flatMap(([part, path]) => (path === null ? [] : [[path, part]]));
  const partOf = new Map(named as [string, keyof AnswerParts][]);
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

/**
 * The bytes that a text stands for, some at a time. Rejects with what `refuse` makes where it is no Base64.
 */
export function bytesOfText(
  text: string,
  encoding: AnswerFile["encoding"],
  refuse: () => Error,
): AsyncGenerator<Buffer> {
  return encoding === "text" ? utf8InSteps(text) : base64InSteps(text, refuse);
}

function* steps(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += stepCharacters) yield text.slice(at, at + stepCharacters);
}

async function* utf8InSteps(text: string): AsyncGenerator<Buffer> {
  let held = "";
  for (const step of steps(text)) {
    const all = held + step;
    // A character of two halves is not cut between them.
    const cut = /[\ud800-\udbff]$/.test(all) ? all.length - 1 : all.length;
    yield Buffer.from(all.slice(0, cut));
    held = all.slice(cut);
  }
  yield Buffer.from(held);
}

async function* base64InSteps(text: string, refuse: () => Error): AsyncGenerator<Buffer> {
  let held = "";
  for (const step of steps(text)) {
    const letters = held + step.replace(/\s/g, "");
    // Four letters make three bytes; what fills up the last of them stands at the very end.
    const cut = Math.max(0, letters.length - (letters.length % 4) - 4);
    if (/[^A-Za-z0-9+/_-]/.test(letters.slice(0, cut))) throw refuse();
    yield Buffer.from(letters.slice(0, cut), "base64");
    held = letters.slice(cut);
  }
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(held)) throw refuse();
  yield Buffer.from(held, "base64");
}

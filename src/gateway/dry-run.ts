import { isUtf8 } from "node:buffer";
import type { RequestPlan } from "#catalog/integration.js";
import { FileFacts, showPieces } from "#catalog/pieces.js";
import { typeByName } from "#gateway/answer-files/name.js";

/** The facts of a file that is not handed over yet. */
export interface GivenFacts {
  name: string;
  media_type?: string | undefined;
  size: number;
}

export function factsGiven(files: Record<string, GivenFacts> = {}): [string, FileFacts][] {
  return Object.entries(files).map(([id, { name, media_type, size }]) => [
    id,
    new FileFacts({ id, name, mediaType: media_type ?? typeByName(name), size, sha256: "" }),
  ]);
}

/**
 * The request of a call, as JSON text. In place of the bytes of a file stand its facts.
 *
 * @param message the email in the body, which is Base64 there
 */
export function dryRun({ method, url, headers, body }: RequestPlan, message: string | undefined): string {
  const head = JSON.stringify({ method, url, headers }).slice(0, -1);
  const readable = message === undefined ? "" : `,"message":${JSON.stringify(message)}`;
  const isJson = headers["content-type"]?.startsWith("application/json") ?? false;
  return `{"dry_run":true,"request":${head},"body":${shown(body, isJson)}${readable}}}`;
}

/** The body as JSON, and its encoding behind it where it has one. */
function shown(body: RequestPlan["body"], isJson: boolean): string {
  if (body === null) return "null";
  if (typeof body === "object" && "pieces" in body) {
    const isFile = body.pieces.length === 1 && body.pieces[0] instanceof FileFacts;
    const text = showPieces(body.pieces);
    return isFile || isJson ? text : JSON.stringify(text);
  }
  // JSON is shown to the letter: megabytes need not become values for that, nor numbers lose digits.
  if (isJson) return String(body);
  if (typeof body === "string" || isUtf8(body)) return JSON.stringify(body.toString());
  return `${JSON.stringify(body.toString("base64"))},"encoding":"base64"`;
}

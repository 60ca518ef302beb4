import { pipeline, Readable } from "node:stream";
import type { AnswerFile } from "#catalog/answer-file.js";
import type { Endpoint } from "#catalog/integration.js";
import { filenameOf, mediaTypeIssue } from "#catalog/request/part.js";
import type { Caller } from "#core/caller.js";
import { isoTime } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import { bytesOfText, readParts } from "#gateway/answer-files/bytes.js";
import { answerName, dispositionName, typeByName, urlName } from "#gateway/answer-files/name.js";
import { isBinary, mediaType } from "#gateway/envelope.js";
import type { Files, Incoming } from "#gateway/files/files.js";
import type { CompleteFile } from "#store/file-rows.js";
import { bytesOf, type Opened } from "#upstream/body.js";
import type { Redactor } from "#upstream/redact.js";
import type { AnswerHead } from "#upstream/send.js";

/** Whether an answer is kept as a file: where it can be, or only where it is neither JSON nor text. */
export type KeptAs = "file" | "auto";

/** An answer of a service that is no refusal. */
export interface AnswerWithFile {
  caller: Caller;
  endpoint: Endpoint;
  params: Readonly<Record<string, unknown>>;
  response: AnswerHead;
  body: Opened;
  redactor: Redactor;
}

/** Is the answer to be kept as a file? One with a readable view is so only when it is asked for. */
export function isKept(
  as: KeptAs | undefined,
  { endpoint, response, body }: Omit<AnswerWithFile, "caller" | "params" | "redactor">,
): boolean {
  if (as === undefined) return false;
  if (as === "file") return true;
  if (endpoint.views.readable !== undefined) return false;
  if (endpoint.answerFile !== null) return true;
  return body.head.length > 0 && isBinary(mediaType(response.headers["content-type"]), body.head);
}

/**
 * Keeps the file in an answer for the caller, as its bytes arrive.
 *
 * @throws SkillettError `bad_request` when there is none where the endpoint's file says; the errors of `Files.keep`
 */
export async function keepAnswer(files: Files, answer: AnswerWithFile): Promise<CompleteFile> {
  const { caller, endpoint } = answer;
  const bytes = maskedBytes(answer);
  const incoming = endpoint.answerFile
    ? await fileWithin(endpoint.answerFile, answer, bytes, files.maxBytes)
    : whole(answer, bytes);
  return files.keep(caller, incoming);
}

/** The data of an answer that has a file in place of its bytes, as JSON. */
export function shownFile({ id, name, media_type, size, sha256, expires_at }: CompleteFile): string {
  const file = { id, name, media_type, size, sha256, expires_at: isoTime(expires_at) };
  return JSON.stringify({ file });
}

function maskedBytes({ body, redactor }: AnswerWithFile): AsyncIterable<Buffer> {
  if (!body.rest) return Readable.from([redactor.buffer(body.head)]);
  return pipeline(Readable.from(bytesOf(body), { objectMode: false }), redactor.stream(), () => {});
}

/** The body is the file. */
function whole({ endpoint, response }: AnswerWithFile, bytes: AsyncIterable<Buffer>): Incoming {
  const { headers, url } = response;
  const named = mediaType(headers["content-type"]).type;
  // It will stand among header lines again: one that is none is not kept.
  const type = mediaTypeIssue(named) === null ? named : "application/octet-stream";
  const name = answerName(
    [dispositionName(headers["content-disposition"]), urlName(url), endpoint.name],
    type,
  );
  return { name, mediaType: type, length: undefined, bytes };
}

/** The file is a text in the body, which is JSON. */
async function fileWithin(
  file: AnswerFile,
  { endpoint, params }: AnswerWithFile,
  bytes: AsyncIterable<Buffer>,
  maxBytes: number,
): Promise<Incoming> {
  const parts = await readParts(bounded(bytes, maxBytes), file).catch((error) => {
    if (error instanceof SkillettError) throw error;
    throw new NoFileError(`is no JSON (${(error as Error).message})`);
  });
  const { text, size } = parts;
  if (typeof text !== "string")
    throw new NoFileError(`has no text at ${file.path}, where its file should be`);
  const notBase64 = () => new NoFileError(`has no Base64 at ${file.path}, where its file should be`);
  const content = bytesOfText(text, file.encoding, notBase64);
  const given = file.name === null ? undefined : filenameOf(file.name, params);
  const named = typeof parts.name === "string" ? parts.name : undefined;
  const name = answerName([given, named, endpoint.name], "application/octet-stream");
  const length = Number.isSafeInteger(size) && Number(size) >= 0 ? Number(size) : undefined;
  return { name, mediaType: typeByName(name), length, bytes: content };
}

/** Base64 takes a third more, and there is something around it. */
async function* bounded(json: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let left = Math.ceil(maxBytes * 1.4) + 1_000_000;
  for await (const bytes of json) {
    left -= bytes.length;
    if (left < 0)
      throw new SkillettError("payload_too_large", {
        message: `The answer is longer than a file of ${maxBytes} bytes would make it.`,
      });
    yield bytes;
  }
}

/** There is no file where the endpoint's file says. */
export class NoFileError extends SkillettError {
  constructor(why: string) {
    super("bad_request", { message: `The answer ${why}. Ask without as=file to see it.` });
  }
}

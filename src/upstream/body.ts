import { pipeline, type Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { UpstreamResponse } from "#upstream/send.js";

const decoders = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** The beginning of a body, and the rest of it when there is more. */
export interface Opened {
  head: Buffer;
  rest: AsyncIterator<Buffer> | undefined;
}

/** Reads at least `maxBytes` of a body, or all of it. Rejects when the service breaks off meanwhile. */
export async function openBody(response: UpstreamResponse, maxBytes: number): Promise<Opened> {
  const length = Number(response.headers["content-length"] ?? Number.NaN);
  const encoding = encodingOf(response, length);
  if (encoding === "identity" && length <= maxBytes)
    return { head: await readAll(response), rest: undefined };

  const chunks: Buffer[] = [];
  let size = 0;
  const iterator = decoded(response.body, encoding)[Symbol.asyncIterator]();
  while (size < maxBytes) {
    const { done, value } = await iterator.next();
    if (done) return { head: Buffer.concat(chunks), rest: undefined };
    chunks.push(value);
    size += value.length;
  }
  return { head: Buffer.concat(chunks), rest: iterator };
}

/** Where there is no content, what the headers say of its encoding means nothing. @see RFC 9110 §6.4.1, §15.4.5 */
function encodingOf({ status, headers }: UpstreamResponse, length: number): string {
  if (status === 204 || status === 205 || status === 304 || length === 0) return "identity";
  return String(headers["content-encoding"] ?? "identity").toLowerCase();
}

async function readAll({ body }: UpstreamResponse): Promise<Buffer> {
  return Buffer.from(await body.arrayBuffer());
}

function decoded(body: Readable, encoding: string): Readable {
  const createDecoder = decoders[encoding as keyof typeof decoders];
  // An error of either side reaches whoever reads the decoder.
  return createDecoder ? pipeline(body, createDecoder(), () => {}) : body;
}

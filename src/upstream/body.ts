import { pipeline, Readable, type Transform } from "node:stream";
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

/** All bytes of a body, its beginning first. */
export async function* bytesOf({ head, rest }: Opened): AsyncGenerator<Buffer> {
  yield head;
  if (rest) yield* { [Symbol.asyncIterator]: () => rest };
}

/** Reads at least `maxBytes` of a body, or all of it. Rejects when the service breaks off meanwhile. */
export async function openBody(response: UpstreamResponse, maxBytes: number): Promise<Opened> {
  const { headers, body } = response;
  const length = Number(headers["content-length"] ?? Number.NaN);
  const createDecoder = decoders[String(headers["content-encoding"]).toLowerCase() as keyof typeof decoders];
  if (!createDecoder && length <= maxBytes) return { head: await readAll(response), rest: undefined };

  const chunks: Buffer[] = [];
  let size = 0;
  const iterator = createDecoder
    ? decoded(body, createDecoder)
    : (body[Symbol.asyncIterator]() as AsyncIterator<Buffer>);
  while (size < maxBytes) {
    const { done, value } = await iterator.next();
    if (done) return { head: Buffer.concat(chunks), rest: undefined };
    chunks.push(value);
    size += value.length;
  }
  return { head: Buffer.concat(chunks), rest: iterator };
}

async function readAll({ body }: UpstreamResponse): Promise<Buffer> {
  return Buffer.from(await body.arrayBuffer());
}

/**
 * No content is empty whatever it is called: answers without any (204, 304) and those of no length are often labelled
 * with an encoding. @see RFC 9110 §6.4.1
 */
async function* decoded(body: Readable, createDecoder: () => Transform): AsyncGenerator<Buffer, undefined> {
  const chunks: AsyncIterator<Buffer> = body[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return;
  async function* whole() {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  // An error of either side reaches the reader of the decoder.
  yield* pipeline(Readable.from(whole(), { objectMode: false }), createDecoder(), () => {});
}

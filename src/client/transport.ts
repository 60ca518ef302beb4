import { networkError } from "#client/errors.js";

/** One HTTP exchange. Throws `NetworkError`, or the signal's reason when it was aborted. */
export type Transport = (request: TransportRequest) => Promise<TransportReply>;

export interface TransportRequest {
  method: string;
  /** Absolute. */
  url: string;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer> | AsyncIterable<Uint8Array> | undefined;
  signal: AbortSignal | undefined;
}

export interface TransportReply {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** The body as it arrives; iterating throws `NetworkError` when it breaks off. */
  body: AsyncIterable<Uint8Array>;
}

/** Redirects are refused: following one would carry the API key and the body to another address. */
export const fetchTransport: Transport = async ({ method, url, headers, body, signal }) => {
  try {
    const response = await fetch(url, {
      method,
      headers,
      redirect: "error",
      ...asFetched(body),
      ...(signal ? { signal } : {}),
    });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: chunks(response, url, signal),
    };
  } catch (error) {
    throw signal?.aborted ? signal.reason : networkError(url, error);
  }
};

/** A body as fetch takes it. @see Fetch Standard, RequestDuplex: half is to be said of a stream */
export function asFetched(body: TransportRequest["body"]): RequestInit {
  if (body === undefined) return {};
  if (typeof body === "string" || body instanceof Uint8Array) return { body };
  const iterator = body[Symbol.asyncIterator]();
  const stream = new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  return { body: stream, duplex: "half" } as RequestInit;
}

async function* chunks(response: Response, url: string, signal: AbortSignal | undefined) {
  try {
    for await (const chunk of response.body ?? []) yield chunk as Uint8Array;
  } catch (error) {
    throw signal?.aborted ? signal.reason : networkError(url, error);
  }
}

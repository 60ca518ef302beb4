import type { Static, TSchema } from "typebox";

type Part<R, K extends string> =
  R extends Record<K, infer S extends TSchema>
    ? Record<never, never> extends Static<S>
      ? { [P in K]?: Static<S> }
      : { [P in K]: Static<S> }
    : unknown;

/** A zip or a tar.gz, of a route that takes one. */
type Archive<R> = R extends { archive: true } ? { archive: Uint8Array<ArrayBuffer> } : unknown;

/** A file on its way, of a route that takes one. */
type Upload<R> = R extends { upload: true } ? { upload: OutgoingFile } : unknown;

export interface OutgoingFile {
  /** Left out, the server takes it from the name. */
  mediaType: string | undefined;
  /** Bytes, where they are known before. */
  length: number | undefined;
  bytes: AsyncIterable<Uint8Array>;
}

/**
 * The input of a call to a route: `params` (of the path), `query`, `headers`, and `body`, `archive` or `upload`, as far as the
 * route has them.
 */
export type CallInput<R> = Part<R, "params"> &
  Part<R, "query"> &
  Part<R, "headers"> &
  Part<R, "body"> &
  Archive<R> &
  Upload<R> & {
    signal?: AbortSignal;
  };

/**
 * The result of a call: the body as its schema describes it, or the bytes of pages, files and archives, which have no
 * schema.
 */
export type CallOutput<R> = R extends { reply: { body: infer S extends TSchema } }
  ? Static<S>
  : R extends { reply: { raw: true } }
    ? Uint8Array<ArrayBuffer>
    : undefined;

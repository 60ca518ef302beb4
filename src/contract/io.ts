import type { Static, TSchema } from "typebox";

type Part<R, K extends string> =
  R extends Record<K, infer S extends TSchema>
    ? Record<never, never> extends Static<S>
      ? { [P in K]?: Static<S> }
      : { [P in K]: Static<S> }
    : unknown;

/** A zip or a tar.gz, of a route that takes one. */
type Archive<R> = R extends { archive: true } ? { archive: Uint8Array<ArrayBuffer> } : unknown;

/**
 * What a caller of a route gives: `params` (of the path), `query`, `headers`, and `body` or `archive`, as far as it has
 * them.
 */
export type CallInput<R> = Part<R, "params"> &
  Part<R, "query"> &
  Part<R, "headers"> &
  Part<R, "body"> &
  Archive<R> & {
    signal?: AbortSignal;
  };

/** What a caller gets: what the schema says; the bytes of pages, files and archives, which have none. */
export type CallOutput<R> = R extends { reply: { body: infer S extends TSchema } }
  ? Static<S>
  : R extends { reply: { raw: true } }
    ? Uint8Array<ArrayBuffer>
    : undefined;

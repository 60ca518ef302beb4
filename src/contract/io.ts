import type { Static, TSchema } from "typebox";

type Part<R, K extends string> =
  R extends Record<K, infer S extends TSchema>
    ? Record<never, never> extends Static<S>
      ? { [P in K]?: Static<S> }
      : { [P in K]: Static<S> }
    : unknown;

/** What a caller of a route gives: `params` (of the path), `query`, `headers`, `body`, as far as it has them. */
export type CallInput<R> = Part<R, "params"> &
  Part<R, "query"> &
  Part<R, "headers"> &
  Part<R, "body"> & {
    signal?: AbortSignal;
  };

/** What a caller gets. */
export type CallOutput<R> = R extends { reply: { body: infer S extends TSchema } }
  ? Static<S>
  : R extends { reply: { raw: true } }
    ? string
    : undefined;

import type { Readable } from "node:stream";
import type { Static, TSchema } from "typebox";
import type { Caller, Person, Principal } from "#core/caller.js";
import type { ErrorCode } from "#core/errors.js";
import type { Face } from "#core/face.js";
import type { Requirement } from "#core/permissions.js";
import type { RequestSignal } from "#core/request-signal.js";

/** One route of our API as a value: it types the handler and the client, validates, serialises and documents. */
export interface Route {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path with `:name` for path parameters. */
  path: string;
  /**
   * `key`: `Authorization: Bearer sk_…` is required. `person`: a session cookie, or a JWT as bearer token.
   * `any`: one of both.
   */
  auth: "none" | "key" | "person" | "any";
  /**
   * The permission that the caller needs, checked before the body is read. Checks that depend on a row, such as
   * whether it is the caller's own, are made where the row is read.
   */
  permission?: Requirement;
  /** A GET that changes something: HEAD and loading ahead do not reach its handler. */
  acts?: true;
  summary: string;
  params?: TSchema;
  query?: TSchema;
  headers?: TSchema;
  body?: TSchema;
  /** Reads the body as it was meant, as clients of models write it: see `meant` of `core/lenient.ts`. */
  lenient?: true;
  /** Takes the body of an HTML form as well as JSON. */
  form?: true;
  /** Takes a zip or tar.gz: as the raw body, or as the field `file` of a multipart form. */
  archive?: true;
  /** Takes a body of any media type as it comes: it is not read before the handler does. */
  upload?: true;
  /** Bytes the body may have, where that is not what `bodyLimitOf` says of such routes. */
  bodyLimit?: number;
  reply: Reply;
  /** Error codes of this route, beyond those of every route with a key. */
  errors: readonly ErrorCode[];
}

export interface Reply {
  status: 200 | 201 | 204;
  description: string;
  body?: TSchema;
  /** Sent with every such answer. */
  headers?: Readonly<Record<string, string>>;
  /** The handler gives finished bytes (`RawReply`): they are sent as they are. */
  raw?: true;
}

/** A reply body the handler has already written. */
export interface RawReply {
  /** In place of the route's own, for a page about an error. */
  status?: number;
  body: Buffer | string | Readable;
  headers?: Record<string, string | string[]>;
}

/** The body of a request that comes as it is. */
export interface Upload {
  /** `Content-Type` of the request. */
  type: string | undefined;
  /** `Content-Length` of the request. */
  length: number | undefined;
  /** Rejects when the client breaks off. */
  bytes: AsyncIterable<Buffer>;
}

type Value<S> = S extends TSchema ? Static<S> : Record<never, never>;

interface Callers {
  none: null;
  key: Caller;
  person: Person;
  any: Principal;
}

/** The input of a handler: validated, with the caller where the route needs one. */
export interface Input<R extends Route> {
  params: Value<R["params"]>;
  query: Value<R["query"]>;
  headers: Value<R["headers"]>;
  body: Value<R["body"]>;
  caller: Callers[R["auth"]];
  archive: R extends { archive: true } ? Buffer : undefined;
  upload: R extends { upload: true } ? Upload : undefined;
  /** Where the request comes from: the client's address, behind proxies that are trusted. */
  address: string;
  /** By which way it came in, as far as it says so itself. */
  face: Face;
  /** Aborts when the client has disconnected. */
  signal: RequestSignal;
}

export type Output<R extends Route> = R["reply"] extends { raw: true }
  ? RawReply
  : R["reply"] extends { body: infer S extends TSchema }
    ? Static<S>
    : undefined;

export type Handler<R extends Route> = (input: Input<R>) => Promise<Output<R>> | Output<R>;

/** A handler for every route of a contract: a missing one or a misspelt field does not compile. */
export type Api<C extends Record<string, Route>> = { [Name in keyof C]: Handler<C[Name]> };

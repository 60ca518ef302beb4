import type { Static, TSchema } from "typebox";
import type { InsideAnswer } from "#core/inside-service.js";
import type { Change, Records } from "#sandbox/state.js";

/** A request that has been checked, with what its handler may want to know. */
export interface Given<Query, Body> {
  /** The numbers in the path, in order. */
  ids: number[];
  query: Query;
  body: Body;
  now: number;
  /** Lets some time pass. */
  wait: (ms: number) => Promise<void>;
}

interface RouteBase {
  method: string;
  /** Path with `{}` for numbers: `/issues/{}`. */
  path: string;
  query: TSchema | null;
  /** Of the JSON body. */
  body: TSchema | null;
  /** Requests of a tenant that are answered in a minute; null without a limit. */
  perMinute: number | null;
}

// biome-ignore lint/suspicious/noExplicitAny: each handler has the types of its own schemas
type Handler<Access> = (access: Access, given: Given<any, any>) => Promise<InsideAnswer>;

export type Route = RouteBase &
  ({ changes: false; handle: Handler<Records> } | { changes: true; handle: Handler<Change> });

interface Schemas<Q extends TSchema, B extends TSchema> {
  query?: Q;
  body?: B;
  perMinute?: number;
}

type HandlerBy<Access, Q extends TSchema, B extends TSchema> = (
  access: Access,
  given: Given<Static<Q>, Static<B>>,
) => Promise<InsideAnswer>;

/** A GET, which changes nothing. */
export function reads<Q extends TSchema, B extends TSchema>(
  path: string,
  schemas: Schemas<Q, B>,
  handle: HandlerBy<Records, Q, B>,
): Route {
  return { ...toBase("GET", path, schemas), changes: false, handle };
}

/**
 * A route that is carried out whole or not at all.
 *
 * @param request such as `POST /issues`
 */
export function changes<Q extends TSchema, B extends TSchema>(
  request: string,
  schemas: Schemas<Q, B>,
  handle: HandlerBy<Change, Q, B>,
): Route {
  const [method = "", path = ""] = request.split(" ");
  return { ...toBase(method, path, schemas), changes: true, handle };
}

function toBase<Q extends TSchema, B extends TSchema>(
  method: string,
  path: string,
  { query, body, perMinute }: Schemas<Q, B>,
): RouteBase {
  return { method, path, query: query ?? null, body: body ?? null, perMinute: perMinute ?? null };
}

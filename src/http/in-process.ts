import { text as readText } from "node:stream/consumers";
import type { Api, RawReply, Route } from "#contract/route.js";
import { type Caller, refuseUnlessPermitted } from "#core/caller.js";
import type { Face } from "#core/face.js";
import { RequestSignal } from "#core/request-signal.js";
import { createValidatorCompiler } from "#http/validation.js";

/** On whose behalf, from where, and by which way. */
export interface Origin {
  caller: Caller;
  address: string;
  face: Face;
}

interface Parts {
  params?: unknown;
  query?: unknown;
  headers?: unknown;
  body?: unknown;
  signal?: AbortSignal;
}

/** Calls a route by its name. Resolves with its reply, as its handler gives it; throws its refusal. */
export type CallRoute<C> = (name: keyof C, origin: Origin, parts: Parts) => Promise<unknown>;

/** Our API for callers in the same process: the same checks, without HTTP around them. */
export function createCallRoute<C extends Record<string, Route>>(contract: C, api: Api<C>): CallRoute<C> {
  const checks = new Map<keyof C, (parts: Parts) => void>();
  return async (name, { caller, address, face }, parts) => {
    const { permission } = contract[name]!;
    if (permission) refuseUnlessPermitted(caller, permission);
    const check = checks.get(name) ?? createCheck(contract[name]!);
    checks.set(name, check);
    const given = { params: {}, query: {}, headers: {}, body: {}, ...parts };
    check(given);
    const handler = api[name] as (input: unknown) => unknown;
    return handler({
      ...given,
      caller,
      address,
      face,
      archive: undefined,
      upload: undefined,
      signal: toRequestSignal(parts.signal),
    });
  };
}

/** Compiled at the first call: most routes are never called this way. */
function createCheck({ params, query, headers, body }: Route): (parts: Parts) => void {
  const compile = createValidatorCompiler();
  const parts = { params, query, headers, body };
  const places = { params: "params", query: "querystring", headers: "headers", body: "body" } as const;
  const all = Object.entries(parts).flatMap(([part, schema]) => {
    if (!schema) return [];
    const name = part as keyof typeof parts;
    return [{ name, validate: compile({ schema, httpPart: places[name], method: "", url: "" }) }];
  });
  return (given) => {
    for (const { name, validate } of all) {
      const result = validate(given[name]) as { error?: Error } | undefined;
      if (result?.error) throw result.error;
    }
  };
}

function toRequestSignal(signal: AbortSignal | undefined): RequestSignal {
  const ending = new RequestSignal();
  if (signal?.aborted) ending.abort();
  else signal?.addEventListener("abort", () => ending.abort(), { once: true });
  return ending;
}

/** The bytes of a raw reply, whole. */
export async function bytesOf({ body }: RawReply): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === "string" ? body : await readText(body));
}

import stringify from "safe-stable-stringify";
import type { Endpoint, Integration, RequestPlan } from "#catalog/integration.js";
import { firstName } from "#catalog/names.js";
import { guardValue } from "#catalog/repeat-guard.js";
import type { Caller } from "#core/caller.js";
import type { Repeating } from "#upstream/failure.js";

interface Guarded {
  caller: Caller;
  params: unknown;
  idempotencyKey?: string | undefined;
}

/**
 * The params of a call, with a value made of its Idempotency-Key for the one by which the service knows requests that
 * come twice. The same call has the same value, another one by the same key has another; a value of the caller's own
 * stays.
 */
export function guardedParams(
  endpoint: Endpoint,
  { caller: { tenantId, profileId }, params, idempotencyKey: key }: Guarded,
): unknown {
  const { repeatGuard: guard, integration } = endpoint;
  if (!guard || !("param" in guard) || key === undefined) return params;
  const given = (params ?? {}) as Record<string, unknown>;
  if (given[guard.param] !== undefined) return params;
  const seed = stringify([tenantId, profileId, key, integration, firstName(endpoint), given])!;
  return { ...given, [guard.param]: guardValue(guard, seed) };
}

/** The effect of sending the request twice. A service that takes an Idempotency-Key gets the caller's. */
export function repeatable(
  { repeatGuard: usual }: Integration,
  { effect, method, tool, repeatGuard: guard = usual }: Endpoint,
  plan: RequestPlan,
  { idempotencyKey: key }: Guarded,
  params: unknown,
): { plan: RequestPlan; repeating: Repeating } {
  if (effect === "read") return { plan, repeating: "harmless" };
  if (method === "PUT" || method === "DELETE" || tool?.isRepeatable) return { plan, repeating: "idempotent" };
  if (guard && "param" in guard) {
    const isThere = (params as Record<string, unknown> | undefined)?.[guard.param] !== undefined;
    if (!isThere) return { plan, repeating: "harmful" };
    return { plan, repeating: guard.replays ? "harmless" : "idempotent" };
  }
  if (!guard || key === undefined) return { plan, repeating: "harmful" };
  return { plan: { ...plan, headers: { ...plan.headers, [guard.header]: key } }, repeating: "harmless" };
}

import type { Effect, Reach } from "#catalog/schema.js";
import { asObject } from "#core/json-object.js";

/** Consequences of a tool by its annotations, in the words of the front matter. */
export interface ToolEffect {
  effect: Effect;
  irreversible?: true;
  reaches?: Reach;
  repeatable?: true;
}

/**
 * The server's own hints, or what is worst where it gives none. A server may lie: `read` is what it claims.
 *
 * @see MCP 2026-07-28, ToolAnnotations
 */
export function toEffect(annotations: object | undefined): ToolEffect {
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = asObject(annotations);
  if (readOnlyHint === true) return { effect: "read" };
  const isGrave = destructiveHint !== false;
  return {
    effect: isGrave ? "destructive" : "write",
    ...(isGrave ? { irreversible: true } : {}),
    ...(openWorldHint === false ? { reaches: "tenant" } : {}),
    ...(idempotentHint === true ? { repeatable: true } : {}),
  };
}

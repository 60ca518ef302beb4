import type { RefusalReason } from "#catalog/answer/refusals.js";
import type { Endpoint, Integration } from "#catalog/integration.js";
import type { RefusalClass } from "#catalog/refusal.js";
import { scopesInWords, scopesToRequest } from "#catalog/scope-need.js";
import { isSignedIn, reconnectCommand } from "#connections/token-expired.js";
import type { SealedConnection } from "#store/connection-rows.js";

/** Beside the service's own refusal: why it refuses, and what helps. */
export interface RefusalHint {
  message: string;
  class: RefusalClass;
  wanted_scopes?: string[];
  /** Scopes that the connection was granted; empty when the provider does not say. */
  granted_scopes?: string[];
  next?: string[];
}

/**
 * Undefined when there is nothing to say: of what needs a connection, where there is none.
 *
 * @param wait seconds until the service wants to be asked again; undefined when it does not say
 */
export function refusalHint(
  integration: Integration,
  endpoint: Endpoint,
  connection: SealedConnection | null,
  reason: RefusalReason,
  wait: number | undefined,
): RefusalHint | undefined {
  const { name } = integration;
  const account = connection?.account ?? "this account";
  const say = (message: string): RefusalHint => ({ message, class: reason.class });
  switch (reason.class) {
    case "dead":
      return undefined;
    case "scope":
      return connection ? scopeHint(integration, endpoint, connection, reason) : undefined;
    case "not_shared":
      return say(
        `${name} answers so for what is not there, and for what ${account} may not see: have it shared with that account at ${name}, or use another connection.`,
      );
    case "admin_needed":
      return say(`${name} refuses until an administrator allows it for ${account} at ${name}.`);
    case "plan":
      return say(`The plan of ${account} at ${name} does not include this.`);
    case "rate":
      return say(
        `${name} takes no more requests for now: wait${wait === undefined ? "" : ` ${wait} seconds`} before you send it again.`,
      );
  }
}

/** The scopes that the endpoint needs, and how to get them. */
function scopeHint(
  integration: Integration,
  endpoint: Endpoint,
  connection: SealedConnection,
  { scopes: named }: RefusalReason,
): RefusalHint {
  const needed = named.length > 0 ? named : endpoint.scopes;
  const granted: string[] = JSON.parse(connection.scopes);
  const required = scopesToRequest(needed, granted);
  const needs = needed.length > 0 ? ` ${scopesInWords(needed)}` : " more than it was granted";
  const hint: RefusalHint = {
    message: `${integration.name} refuses because the connection of ${connection.account} lacks a scope. This endpoint needs${needs}.`,
    class: "scope",
    wanted_scopes: required,
    granted_scopes: granted,
  };
  if (!isSignedIn(integration, connection) || required.length === 0) return hint;
  const all = [...new Set([...granted, ...required])].join(",");
  return { ...hint, next: [`${reconnectCommand(integration, connection)} --scopes ${all}`] };
}

import type { Endpoint, Integration } from "#catalog/integration.js";
import { isSignedIn, reconnectCommand } from "#connections/token-expired.js";
import type { SealedConnection } from "#store/connection-rows.js";

/** Beside the service's own refusal: which scopes the endpoint wants, and how to get them. */
export interface ScopeHint {
  message: string;
  wanted_scopes: string[];
  /** Scopes that the connection was granted; empty when the provider does not say. */
  granted_scopes: string[];
  next?: string[];
}

export function scopeHint(
  integration: Integration,
  { scopes: required }: Endpoint,
  connection: SealedConnection,
): ScopeHint {
  const granted: string[] = JSON.parse(connection.scopes);
  const named = required.length > 0 ? ` ${required.join(", ")}` : " more than it was granted";
  const hint = {
    message: `${integration.name} refuses because the connection of ${connection.account} lacks a scope. This endpoint needs${named}.`,
    wanted_scopes: required,
    granted_scopes: granted,
  };
  if (!isSignedIn(integration, connection) || required.length === 0) return hint;
  const all = [...new Set([...granted, ...required])].join(",");
  return { ...hint, next: [`${reconnectCommand(integration, connection)} --scopes ${all}`] };
}

import type { Integration } from "#catalog/integration.js";
import { connectByCredential } from "#connections/connect-command.js";
import { SkillettError } from "#core/errors.js";
import type { ConnectionRow } from "#store/schema/tables.js";

type Reconnectable = Pick<ConnectionRow, "id" | "auth_method" | "is_shared">;

/** The service refuses the stored credential for good: says how to connect the same account again. */
export function tokenExpired(
  integration: Integration,
  connection: Reconnectable & Pick<ConnectionRow, "account">,
): SkillettError {
  return new SkillettError("token_expired", {
    message: `${integration.name} refuses the stored credential of ${connection.account}. Please reconnect.`,
    next: [reconnectCommand(integration, connection)],
  });
}

/** The connection was disconnected after the call had begun. */
export function disconnectedMeanwhile(
  integration: Integration,
  connection: Pick<ConnectionRow, "auth_method">,
): SkillettError {
  const { slug } = integration;
  const command = isSignedIn(integration, connection)
    ? `skillett connect ${slug}`
    : connectByCredential(integration);
  return new SkillettError("integration_not_connected", { facts: { slug }, next: [command] });
}

/** Only its owner can renew a connection: others who use a shared one connect an account of their own. */
export function reconnectCommand(integration: Integration, connection: Reconnectable): string {
  if (!isSignedIn(integration, connection)) return connectByCredential(integration);
  const which = connection.is_shared ? "" : ` --connection ${connection.id}`;
  return `skillett connect ${integration.slug}${which}`;
}

/** Did a person sign in for it, so that they can grant more by signing in again? */
export function isSignedIn(
  { auth }: Integration,
  { auth_method }: Pick<Reconnectable, "auth_method">,
): boolean {
  return auth[auth_method]?.grant?.type === "authorization_code";
}

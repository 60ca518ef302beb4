import type { Integration } from "#catalog/integration.js";
import { authorize, type Credential } from "#catalog/request/authorize.js";
import type { FreshCredentials } from "#connections/fresh-credentials.js";
import { tokenExpired } from "#connections/token-expired.js";
import type { ConnectionRows } from "#store/connection-rows.js";

/** A request as an account sends it. SECRET. */
export interface AccountRequest {
  url: string;
  headers: Record<string, string>;
}

/**
 * Asks a service something that is no call, with a person's default account: `ask` is called again with a renewed
 * credential when it answers undefined, since the service has refused the first one.
 *
 * @param ask called without an account when the person has none
 * @throws SkillettError `token_expired` when the service refuses the account for good
 */
export type AsAccount = <T>(
  of: { tenantId: string; profileId: string },
  integration: Integration,
  ask: (request: AccountRequest) => Promise<T | undefined>,
) => Promise<T | undefined>;

interface Deps {
  connections: Pick<ConnectionRows, "findDefault">;
  credentials: FreshCredentials;
}

export function createAsAccount({ connections, credentials }: Deps): AsAccount {
  return async ({ tenantId, profileId }, integration, ask) => {
    const plan = {
      method: "POST",
      url: integration.baseUrl,
      headers: integration.headers,
      body: null,
    } as const;
    const connection = await connections.findDefault(tenantId, profileId, integration.slug);
    if (!connection) return ask(plan);
    const asked = (credential: Credential) =>
      ask(authorize(integration, connection.auth_method, credential, plan));
    const credential = await credentials.open(integration, connection);
    const answer = await asked(credential);
    if (answer !== undefined) return answer;
    const renewed = await credentials.renew(integration, connection, credential);
    const again = renewed && (await asked(renewed));
    if (again !== undefined) return again;
    await credentials.end(connection, renewed ?? credential);
    throw tokenExpired(integration, connection);
  };
}

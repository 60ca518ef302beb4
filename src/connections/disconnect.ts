import type { Catalog, CatalogOf } from "#catalog/catalog.js";
import type { Credential } from "#catalog/request/authorize.js";
import { providerAt } from "#catalog/settings.js";
import { openCredential, withTokens } from "#connections/credential.js";
import { lockName } from "#connections/fresh-credentials.js";
import { serviceAccountId } from "#connections/identify.js";
import type { OAuth, OAuthClient } from "#connections/oauth.js";
import { type ProviderClients, signingInAt } from "#connections/provider-clients.js";
import type { Revoke } from "#connections/revoke.js";
import type { ConnectionRows } from "#store/connection-rows.js";
import type { Database } from "#store/engine/database.js";
import type { ConnectionRow } from "#store/schema/tables.js";
import type { Vault } from "#store/vault/vault.js";

type Known = Catalog["known"];

export interface Disconnected {
  /** The provider has made the credential worthless. */
  revoked: boolean;
  /** Why it has not, and what the person can still do; undefined when it has. */
  message: string | undefined;
}

/** Revokes the credential at its provider, then erases it; one that cannot be revoked is erased all the same. */
export type Disconnect = (connection: ConnectionRow) => Promise<Disconnected>;

interface Deps {
  catalogOf: CatalogOf;
  connections: ConnectionRows;
  clients: ProviderClients;
  database: Database;
  oauth: OAuth;
  revoke: Revoke;
  vault: Vault;
}

export function createDisconnect(deps: Deps): Disconnect {
  const { catalogOf, connections, database } = deps;

  async function end(known: Known, connection: ConnectionRow): Promise<Disconnected> {
    const why = await whyNotRevoked(deps, known, connection).catch(
      // It is erased in any case, for example when it cannot be opened.
      () => "its credential could not be read",
    );
    await connections.disconnect(connection);
    return { revoked: why === undefined, message: why && leftToDo(known, connection, why) };
  }

  return async (connection) => {
    // An account of what is switched off is revoked all the same.
    const { known } = await catalogOf({ tenantId: connection.tenant_id });
    // Under the lock of renewing, since a token that is renewed meanwhile would stay valid.
    return database.locked(lockName(connection), () => {
      const provider = known.get(connection.integration)?.auth[connection.auth_method]?.grant?.provider;
      if (!provider?.revoke?.wholeGrant) return end(known, connection);
      // Two at once would each leave the grant, which both connections share, for the other to revoke.
      return database.locked(`grant/${provider.slug}/${serviceAccountId(connection)}`, () =>
        end(known, connection),
      );
    });
  };
}

/** Revokes the credential; undefined when that worked. */
async function whyNotRevoked(
  deps: Deps,
  known: Known,
  connection: ConnectionRow,
): Promise<string | undefined> {
  const { connections, clients, vault } = deps;
  const grant = known.get(connection.integration)?.auth[connection.auth_method]?.grant;
  if (grant?.type !== "authorization_code") return "only the service itself can revoke what was typed in";
  const stored = await connections.credential(connection);
  if (!stored) return "it was gone already";
  const integration = known.get(connection.integration)!;
  const provider = providerAt(integration, connection.auth_method, JSON.parse(connection.settings));
  const client = await clients.find(provider);
  if (!client) return `${provider.name} sign-in is not set up here any more`;
  if (provider.revoke?.wholeGrant) {
    const integrations = signingInAt(known, provider);
    const account = { integrations, accountId: serviceAccountId(connection), except: connection.id };
    if (await connections.isAccountInUse(account)) {
      return `${provider.name} would end the other connections of ${connection.account} as well`;
    }
  }
  return revokeAll(deps, client, await openCredential(vault, { ...connection, box: stored.box }));
}

/**
 * An access token that has ended cannot always be revoked, and the refresh token beside it lives on: then
 * both are renewed first.
 */
async function revokeAll(
  { oauth, revoke }: Deps,
  client: OAuthClient,
  credential: Credential,
): Promise<string | undefined> {
  const why = await revoke(client, credential);
  if (why === undefined || credential.refresh_token === undefined) return why;
  const tokens = await oauth.refresh(client, credential.refresh_token).catch(() => undefined);
  return tokens ? revoke(client, withTokens(credential, tokens)) : why;
}

function leftToDo(known: Known, { integration, account }: ConnectionRow, why: string): string {
  const service = known.get(integration)?.name ?? integration;
  return `The credential of ${account} is erased here, but it was not revoked: ${why}. To be sure, revoke it in the account's settings at ${service}.`;
}

import type { Catalog, CatalogOf } from "#catalog/catalog.js";
import { type ConnectAccount, createConnectAccount } from "#connections/connect-account.js";
import { type ConnectionManager, createConnectionManager } from "#connections/connection-manager.js";
import { createDisconnect } from "#connections/disconnect.js";
import { createFreshCredentials, type FreshCredentials } from "#connections/fresh-credentials.js";
import { createOAuth } from "#connections/oauth.js";
import {
  type ConfiguredClients,
  createProviderClients,
  type ProviderClients,
} from "#connections/provider-clients.js";
import { createRevoke } from "#connections/revoke.js";
import { createSaveConnection } from "#connections/save.js";
import { createSignIn, type SignIn } from "#connections/sign-in.js";
import type { Clock } from "#core/clock.js";
import type { ConnectAttemptRows } from "#store/connect-attempt-rows.js";
import type { ConnectionRows } from "#store/connection-rows.js";
import type { Database } from "#store/engine/database.js";
import { createIntegrationClientRows } from "#store/integration-client-rows.js";
import type { ProfileRows } from "#store/profile-rows.js";
import { createProviderClientRows } from "#store/provider-client-rows.js";
import type { Vault } from "#store/vault/vault.js";
import type { Upstream } from "#upstream/send.js";

interface Parts {
  catalogOf: CatalogOf;
  shared: () => Catalog;
  database: Database;
  connections: ConnectionRows;
  attempts: ConnectAttemptRows;
  profiles: ProfileRows;
  vault: Vault;
  upstream: Upstream;
  /** SECRET. */
  configured: ConfiguredClients;
  publicUrl: () => string;
  clock: Clock;
}

export interface ConnectionParts {
  connectAccount: ConnectAccount;
  connectionManager: ConnectionManager;
  signIn: SignIn;
  clients: ProviderClients;
  credentials: FreshCredentials;
}

/** All that has to do with connecting accounts and keeping them connected. */
export function wireConnections(parts: Parts): ConnectionParts {
  const { database, upstream, publicUrl, clock } = parts;
  const callbackUrl = () => `${publicUrl()}/callback`;
  const rows = createProviderClientRows(database);
  const ownRows = createIntegrationClientRows(database);
  const clients = createProviderClients({ ...parts, rows, ownRows, callbackUrl });
  const oauth = createOAuth({ upstream, clock });
  const save = createSaveConnection(parts);
  const confirmUrl = (attemptId: string) => `${publicUrl()}/connect/${attemptId}`;
  const signIn = createSignIn({ ...parts, clients, oauth, save, confirmUrl });
  const connectAccount = createConnectAccount({ ...parts, clients, oauth, signIn, save });
  const credentials = createFreshCredentials({ ...parts, clients, oauth });
  const disconnect = createDisconnect({ ...parts, clients, oauth, revoke: createRevoke(upstream) });
  const connectionManager = createConnectionManager({ ...parts, disconnect });
  return { connectAccount, connectionManager, signIn, clients, credentials };
}

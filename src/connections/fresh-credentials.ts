import { isDeepStrictEqual } from "node:util";
import type { Integration } from "#catalog/integration.js";
import type { Credential } from "#catalog/request/authorize.js";
import { providerAt } from "#catalog/settings.js";
import {
  grantedScopes,
  isRenewable,
  openCredential,
  sealCredential,
  withTokens,
} from "#connections/credential.js";
import { isMachine, machineTokens } from "#connections/machine-tokens.js";
import { type OAuth, RotatedOnly, type Tokens } from "#connections/oauth.js";
import type { ProviderClients } from "#connections/provider-clients.js";
import { disconnectedMeanwhile, tokenExpired } from "#connections/token-expired.js";
import { TokenRefused } from "#connections/token-failure.js";
import type { Clock } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import type { ConnectionKey, ConnectionRows, SealedConnection } from "#store/connection-rows.js";
import { connectionStatus } from "#store/connection-status.js";
import type { Database } from "#store/engine/database.js";
import type { Vault } from "#store/vault/vault.js";

/**
 * Credentials that work: opened, and renewed in time. SECRETS throughout. The integration is that of the connection, by
 * its file or as the connection reaches it.
 */
export interface FreshCredentials {
  /** Renewed first when it is about to end. @throws SkillettError `token_expired` when it has ended for good */
  open(integration: Integration, connection: SealedConnection): Promise<Credential>;
  /**
   * Another credential, after the service refused `used`: a renewed one, or one that its person has put in its place
   * meanwhile; undefined when there cannot be one.
   *
   * @throws SkillettError `token_expired` when the provider refuses to renew it, `upstream_unreachable` or
   *   `upstream_timeout` when it cannot just now: then the connection stays as it is
   */
  renew(
    integration: Integration,
    connection: SealedConnection,
    used: Credential,
  ): Promise<Credential | undefined>;
  /**
   * The service refuses `used` for good: unless another is in its place by now, the connection needs a new one. Answers
   * whether it is still connected.
   */
  end(connection: SealedConnection, used: Credential): Promise<boolean>;
}

interface Deps {
  connections: ConnectionRows;
  clients: ProviderClients;
  database: Database;
  oauth: OAuth;
  vault: Vault;
  clock: Clock;
}

/**
 * One connection is renewed by one caller at a time, in all processes: others that come meanwhile get the first one's
 * result. New tokens are stored before anybody uses them, since a rotated refresh token cannot be had twice.
 *
 * @see RFC 9700 §4.14 (refresh token rotation)
 */
export function createFreshCredentials(deps: Deps): FreshCredentials {
  const { connections, clients, database, oauth, vault, clock } = deps;
  /** Renewals this process has under way, by connection. */
  const underWay = new Map<string, Promise<Credential>>();

  function once(
    integration: Integration,
    connection: SealedConnection,
    used: Credential,
  ): Promise<Credential> {
    const name = lockName(connection);
    const running = underWay.get(name);
    if (running) return running;
    const renewal = database
      .locked(name, () => renewLocked(integration, connection, used))
      .finally(() => underWay.delete(name));
    underWay.set(name, renewal);
    return renewal;
  }

  async function renewLocked(
    integration: Integration,
    connection: SealedConnection,
    used: Credential,
  ): Promise<Credential> {
    const stored = await connections.credential(connection);
    if (!stored) throw disconnectedMeanwhile(integration, connection);
    const credential = await openCredential(vault, { ...connection, box: stored.box });
    if (credential.access_token !== used.access_token) return credential;
    if (stored.status === connectionStatus.needsReconnect) throw tokenExpired(integration, connection);
    try {
      const tokens = await request(integration, connection, credential);
      return await store(integration, connection, credential, stored.box, tokens);
    } catch (error) {
      if (error instanceof TokenRefused) return ended(integration, connection, credential);
      if (!(error instanceof RotatedOnly)) throw error;
      await store(integration, connection, credential, stored.box, {
        accessToken: credential.access_token!,
        refreshToken: error.refreshToken(),
        renewAt: connection.renew_at,
        scopes: null,
        answer: undefined,
      });
      throw error.failure;
    }
  }

  async function request(
    integration: Integration,
    connection: SealedConnection,
    credential: Credential,
  ): Promise<Tokens> {
    const { grant } = integration.auth[connection.auth_method]!;
    const provider = providerAt(integration, connection.auth_method, JSON.parse(connection.settings));
    const own = { ...grant!, provider };
    try {
      if (isMachine(own)) {
        return await machineTokens(oauth, own, credential, grantedScopes(connection) ?? own.scopes);
      }
      const client = await clients.find(provider);
      if (!client) throw clients.notConfigured(provider, []);
      return await oauth.refresh(client, credential.refresh_token!);
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      throw error.isFinal ? error : perhapsPassing(error);
    }
  }

  /** The provider refuses to renew `old` for good: only another one that is in its place by now still counts. */
  async function ended(
    integration: Integration,
    connection: SealedConnection,
    old: Credential,
  ): Promise<Credential> {
    const isThere = await end(connection, old);
    const newer = isThere ? await replacement(connection, old) : undefined;
    if (newer) return newer;
    throw tokenExpired(integration, connection);
  }

  async function end(connection: SealedConnection, used: Credential): Promise<boolean> {
    const stored = await connections.credential(connection);
    if (!stored) return false;
    const found = await openCredential(vault, { ...connection, box: stored.box });
    if (!isDeepStrictEqual(found, used)) return true;
    // A box that has changed holds another credential, or is sealed under another key.
    return (await connections.endCredential(connection, stored.box)) || end(connection, used);
  }

  /** The stored credential, if that is not `used`. */
  async function replacement(
    connection: SealedConnection,
    used: Credential,
  ): Promise<Credential | undefined> {
    const stored = await connections.credential(connection);
    const found = stored && (await openCredential(vault, { ...connection, box: stored.box }));
    return isDeepStrictEqual(found, used) ? undefined : found;
  }

  /**
   * Stores new tokens in place of `old`, unless somebody has replaced it meanwhile. Returns the credential that
   * counts.
   */
  async function store(
    integration: Integration,
    connection: SealedConnection,
    old: Credential,
    replaced: string,
    tokens: Tokens,
  ): Promise<Credential> {
    const credential = withTokens(old, tokens);
    const box = sealCredential(vault, connection.tenant_id, connection.id, credential);
    const scopes = tokens.scopes === null ? {} : { scopes: JSON.stringify(tokens.scopes) };
    const renewed = { box, renew_at: tokens.renewAt, now: clock(), ...scopes };
    if (await connections.renew(connection, replaced, renewed)) return credential;
    const current = await connections.credential(connection);
    if (!current) throw disconnectedMeanwhile(integration, connection);
    const found = await openCredential(vault, { ...connection, box: current.box });
    // A rotation of keys has sealed the credential again meanwhile: its tokens are still the old ones.
    if (found.access_token === old.access_token)
      return store(integration, connection, old, current.box, tokens);
    // The person has signed in again meanwhile: the newer tokens count.
    return found;
  }

  return {
    async open(integration, connection) {
      const credential = await openCredential(vault, connection);
      if (!isRenewable(integration.auth[connection.auth_method]!, credential)) return credential;
      if (connection.status === connectionStatus.needsReconnect) throw tokenExpired(integration, connection);
      if (connection.renew_at === null || clock() < connection.renew_at) return credential;
      try {
        return await once(integration, connection, credential);
      } catch (error) {
        // It may still be good for a moment; the service will say.
        if (isPassing(error)) return credential;
        throw error;
      }
    },
    async renew(integration, connection, used) {
      const renewable = isRenewable(integration.auth[connection.auth_method]!, used);
      return renewable ? once(integration, connection, used) : replacement(connection, used);
    },
    end,
  };
}

/** A refusal that is not known to be final: nothing says that the person has to sign in again. */
function perhapsPassing({ message }: TokenRefused): SkillettError {
  return new SkillettError("upstream_unreachable", {
    message: `${message}. Try again shortly; if it goes on, connect the account again.`,
  });
}

/** Could it not be renewed just now, for a reason that does not end it? */
function isPassing(error: unknown): boolean {
  if (!(error instanceof SkillettError)) return false;
  return error.code === "upstream_unreachable" || error.code === "upstream_timeout" || error.retryable;
}

/** Renewing and disconnecting a connection exclude each other under this name. */
export const lockName = ({ tenant_id, id }: ConnectionKey) => `credential/${tenant_id}/${id}`;

import { type Credential, checkCredentialFields } from "#catalog/authorize.js";
import type { Catalog } from "#catalog/catalog.js";
import type { Integration } from "#catalog/integration.js";
import { sealCredential } from "#connections/credential.js";
import { probeAccount } from "#connections/probe.js";
import { type Caller, refuseOutOfScope } from "#core/caller.js";
import type { Clock } from "#core/clock.js";
import { badRequest, SkillettError } from "#core/errors.js";
import type { GoneSignal } from "#core/gone.js";
import { newId } from "#core/ids.js";
import { type Connections, connected } from "#store/connections.js";
import type { ConnectionRow } from "#store/tables.js";
import type { Vault } from "#store/vault.js";
import type { Upstream } from "#upstream/send.js";

export interface Connecting {
  /** Checks the credential with the service, then stores it sealed. */
  connect(
    caller: Caller,
    request: { integration: string; credentials: Credential | undefined },
    signal: GoneSignal,
  ): Promise<ConnectionRow>;
  list(caller: Caller): Promise<ConnectionRow[]>;
  get(caller: Caller, id: string): Promise<ConnectionRow>;
  /** Erases the credential; the audit log keeps the connection's id. */
  disconnect(caller: Caller, id: string): Promise<ConnectionRow>;
}

interface Deps {
  catalog: Catalog;
  connections: Connections;
  vault: Vault;
  upstream: Upstream;
  clock: Clock;
}

export function createConnecting({ catalog, connections, vault, upstream, clock }: Deps): Connecting {
  async function get({ tenantId, profileId }: Caller, id: string): Promise<ConnectionRow> {
    const row = await connections.get(tenantId, profileId, id);
    if (row && row.status !== "disconnected") return row;
    throw new SkillettError("not_found", {
      facts: { resource: "Connection" },
      next: ["skillett connections"],
    });
  }

  return {
    async connect(caller, request, signal) {
      const integration = catalog.integration(request.integration);
      refuseOutOfScope(caller, integration.slug);
      const { method, credential } = chooseMethod(integration, request.credentials);
      const account = await probeAccount(upstream, integration, method, credential, signal);
      const row = newConnection(caller, integration, method, account, clock());
      const seal = (id: string) => sealCredential(vault, caller.tenantId, id, credential);
      const limit = caller.plan.connections;
      const saved = await connections.save({ row, seal }, limit);
      if (saved) return saved;
      throw new SkillettError("plan_limit_reached", { facts: { limit: limit!, resource: "connections" } });
    },
    list: ({ tenantId, profileId }) => connections.list(tenantId, profileId),
    get,
    async disconnect(caller, id) {
      const row = await get(caller, id);
      refuseOutOfScope(caller, row.integration);
      await connections.disconnect(row);
      return row;
    },
  };
}

/** The way to connect whose fields were given; says what is asked for when they do not fit. */
function chooseMethod(
  integration: Integration,
  credentials: Credential | undefined,
): { method: string; credential: Credential } {
  const methods = Object.entries(integration.auth);
  const given = Object.keys(credentials ?? {});
  const [method] = methods.find(([, { fields }]) => given.some((field) => field in fields)) ?? methods[0]!;
  const issues = checkCredentialFields(integration, method, credentials ?? {});
  if (issues.length > 0)
    throw badRequest(issues, { next: [`skillett connect ${integration.slug} --token -`] });
  return { method, credential: credentials! };
}

function newConnection(
  caller: Caller,
  integration: Integration,
  method: string,
  account: { id: string; name: string },
  now: number,
): ConnectionRow {
  return {
    tenant_id: caller.tenantId,
    id: newId("conn"),
    profile_id: caller.profileId,
    integration: integration.slug,
    auth_method: method,
    account_id: account.id,
    account: account.name,
    status: connected,
    is_default: 0,
    scopes: "[]",
    last_used_at: null,
    created_at: now,
  };
}

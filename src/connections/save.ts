import type { Account } from "#catalog/answer/account.js";
import type { Integration } from "#catalog/integration.js";
import type { Credential } from "#catalog/request/authorize.js";
import type { SettingValues } from "#catalog/setting.js";
import { sealCredential } from "#connections/credential.js";
import { printable } from "#connections/token-failure.js";
import type { Clock } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import { type PlanName, plan } from "#core/plans.js";
import type { NewConnection } from "#store/connection-changes.js";
import type { ConnectionRows } from "#store/connection-rows.js";
import { connectionStatus } from "#store/connection-status.js";
import type { ProfileRows } from "#store/profile-rows.js";
import type { ConnectionRow } from "#store/schema/tables.js";
import type { Vault } from "#store/vault/vault.js";

export interface ProvenConnection extends Pick<NewConnection, "mayReplace"> {
  owner: { tenant_id: string; profile_id: string };
  /** Id of a new connection; one whose account is known keeps its own. */
  id: string;
  integration: Integration;
  method: string;
  /** Its id is that of `identify`. */
  account: Account;
  /** SECRET. */
  credential: Credential;
  renewAt: number | null;
  scopes: string[];
  settings: SettingValues;
  shared: boolean;
}

/** Stores a connection whose credential has been proven, sealed. @throws SkillettError `plan_limit_reached`, `conflict` */
export type SaveConnection = (connection: ProvenConnection) => Promise<ConnectionRow>;

interface Deps {
  connections: ConnectionRows;
  profiles: ProfileRows;
  vault: Vault;
  clock: Clock;
}

export function createSaveConnection({ connections, profiles, vault, clock }: Deps): SaveConnection {
  return async ({
    owner,
    id,
    integration,
    method,
    account,
    credential,
    renewAt,
    scopes,
    settings,
    shared,
    mayReplace,
  }) => {
    const row: ConnectionRow = {
      tenant_id: owner.tenant_id,
      id,
      profile_id: owner.profile_id,
      integration: integration.slug,
      auth_method: method,
      account_id: account.id,
      account: account.name,
      status: connectionStatus.connected,
      is_default: 0,
      is_shared: shared ? 1 : 0,
      scopes: JSON.stringify(scopes),
      settings: JSON.stringify(settings),
      last_used_at: null,
      created_at: clock(),
    };
    const seal = (rowId: string) => sealCredential(vault, owner.tenant_id, rowId, credential);
    const profile = await profiles.get(owner.profile_id);
    const limit = plan(profile!.plan as PlanName).connections;
    const saved = await connections.save({ row, seal, renewAt, mayReplace }, limit);
    if (typeof saved === "object") return saved;
    if (saved === "kept") throw keptAsItIs(integration, account);
    throw new SkillettError("plan_limit_reached", { facts: { limit: limit!, resource: "connections" } });
  };
}

function keptAsItIs({ name, slug }: Integration, account: Account): SkillettError {
  return new SkillettError("conflict", {
    message: `${printable(account.name)} of ${name} is connected already, and a sign-in that an agent asked for replaces no account that works. Nothing has changed. To renew it, the person connects it with a key of their own: skillett connect ${slug}`,
  });
}

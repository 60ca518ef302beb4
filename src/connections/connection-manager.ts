import type { Disconnect, Disconnected } from "#connections/disconnect.js";
import {
  isPermitted,
  type Principal,
  refuseAgent,
  refuseUnlessPermitted,
  refuseUnlessWhole,
} from "#core/caller.js";
import { type Clock, dayMs } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import type { ConnectionRows } from "#store/connection-rows.js";
import { connectionStatus } from "#store/connection-status.js";
import type { ProfileRows } from "#store/profile-rows.js";
import type { ConnectionRow } from "#store/schema/tables.js";

export interface ConnectionQuery {
  /** Of the whole tenant. Needs `connections:*`. */
  everyone: boolean;
  integration?: string | undefined;
  unusedDays?: number | undefined;
  /** Id or email address of a person. */
  profile?: string | undefined;
}

/** The connections of a tenant, as people see and change them. */
export interface ConnectionManager {
  list(caller: Principal, query?: ConnectionQuery): Promise<ConnectionRow[]>;
  /** One's own, one that is shared, or with `connections:*` any of the tenant. */
  get(caller: Principal, id: string): Promise<ConnectionRow>;
  update(
    caller: Principal,
    id: string,
    change: { default?: true | undefined; shared?: boolean | undefined },
  ): Promise<ConnectionRow>;
  /** The audit log keeps the connection's id. */
  disconnect(caller: Principal, id: string): Promise<{ connection: ConnectionRow } & Disconnected>;
}

interface Deps {
  connections: ConnectionRows;
  profiles: ProfileRows;
  disconnect: Disconnect;
  clock: Clock;
}

export function createConnectionManager({
  connections,
  profiles,
  disconnect,
  clock,
}: Deps): ConnectionManager {
  async function get(caller: Principal, id: string): Promise<ConnectionRow> {
    const row = await connections.get(caller.tenantId, id);
    const visible =
      row &&
      (row.profile_id === caller.profileId || row.is_shared === 1 || isPermitted(caller, "connections:*"));
    if (visible && row.status !== connectionStatus.disconnected) return row;
    throw notFound();
  }

  /** One's own, or with `connections:*` any. */
  async function getForChange(caller: Principal, id: string, what: string): Promise<ConnectionRow> {
    const row = await get(caller, id);
    refuseAgent(
      caller,
      what,
      "The person does it, on the page /dashboard/integrations, or with `skillett connections` and a key of their own.",
    );
    refuseUnlessWhole(caller, row.integration);
    if (row.profile_id !== caller.profileId) refuseUnlessPermitted(caller, "connections:*");
    return row;
  }

  return {
    async list(caller, { everyone, integration, unusedDays, profile } = { everyone: false }) {
      const { tenantId } = caller;
      const unusedSince = unusedDays === undefined ? undefined : clock() - unusedDays * dayMs;
      const filter = { tenantId, integration, unusedSince };
      if (!everyone && profile === undefined) {
        return connections.list({ ...filter, profileId: caller.profileId, andShared: true });
      }
      refuseUnlessPermitted(caller, "connections:*");
      if (profile === undefined) return connections.list(filter);
      const profileId = await profiles.findMember(tenantId, profile);
      if (profileId) return connections.list({ ...filter, profileId });
      throw new SkillettError("not_found", { message: `Nobody in this tenant is ${profile}.` });
    },
    get,
    async update(caller, id, change) {
      const row = await getForChange(caller, id, "change, share or choose accounts of its person");
      if (change.shared) refuseUnlessPermitted(caller, "connections:*");
      if (change.default && row.profile_id !== caller.profileId) throw notOwn();
      if (change.shared !== undefined) await connections.setShared(row, change.shared);
      if (change.default) await connections.setDefault(row);
      return get(caller, id);
    },
    async disconnect(caller, id) {
      const connection = await getForChange(caller, id, "disconnect accounts of its person");
      return { connection, ...(await disconnect(connection)) };
    },
  };
}

function notFound(): SkillettError {
  return new SkillettError("not_found", {
    facts: { resource: "Connection" },
    next: ["skillett connections"],
  });
}

function notOwn(): SkillettError {
  return new SkillettError("forbidden", {
    message: "Only a connection of your own can be your default.",
  });
}

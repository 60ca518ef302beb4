import { type ConnectionRows, createConnectionRows, type StoredCredential } from "#store/connection-rows.js";
import { connectionStatus } from "#store/connection-status.js";
import { createLookup } from "#store/engine/batched-read.js";
import type { Database } from "#store/engine/database.js";
import type { Columns } from "#store/engine/json-rows.js";
import { holdProfile } from "#store/profiles.js";
import type { ConnectionRow } from "#store/schema/tables.js";

const { disconnected } = connectionStatus;

/** What a call needs of a connection, and its sealed credential. */
export interface SealedConnection
  extends Pick<
      ConnectionRow,
      | "tenant_id"
      | "id"
      | "integration"
      | "auth_method"
      | "account"
      | "status"
      | "scopes"
      | "is_shared"
      | "last_used_at"
    >,
    StoredCredential {}

export interface NewConnection {
  row: ConnectionRow;
  /** Seals the credential for the id the connection gets: an account known before keeps its own. */
  seal(connectionId: string): string;
  renewAt: number | null;
  /** Of an account that is known: only one whose credential does not work any more, when `broken`. */
  mayReplace: "any" | "broken";
}

export interface Connections extends ConnectionRows {
  /** The one a call uses when it names none. */
  findDefault(
    tenantId: string,
    profileId: string,
    integration: string,
  ): Promise<SealedConnection | undefined>;
  /** By id or by account name. */
  find(
    tenantId: string,
    profileId: string,
    integration: string,
    name: string,
  ): Promise<SealedConnection | undefined>;
  /** Adds the account, or renews it when it is known. `full`: `limit` is reached. `kept`: it may not be replaced. */
  save(connection: NewConnection, limit: number | null): Promise<ConnectionRow | "full" | "kept">;
  /** Erases the credential; another account of the integration becomes the default. */
  disconnect(connection: ConnectionRow): Promise<void>;
}

const owner: Columns = [
  ["tenant_id", "text"],
  ["profile_id", "text"],
  ["integration", "text"],
];
const tenant: Columns = [
  ["tenant_id", "text"],
  ["integration", "text"],
];

const sealed = (wanted: string, columns: Columns) => `select row_at, connections.tenant_id, connections.id,
    integration, auth_method, account, status, scopes, is_shared, last_used_at, box, renew_at
  from ${wanted} join connections using (${columns.map(([name]) => name).join(", ")})
  join credentials on credentials.tenant_id = connections.tenant_id and connection_id = connections.id`;

// An id counts before a name, the oldest of a name before the others.
const named = "(connections.id = name or account = name)";
const bestNamedLast = "order by connections.id = name, connections.id desc";

/** What somebody shared who has left the tenant since is not for its people any more. */
const shared = `is_shared = 1 and exists (select 1 from memberships
  where memberships.tenant_id = connections.tenant_id and memberships.profile_id = connections.profile_id)`;

/** One's own come first; what others share is looked for only when there is none. */
export function createConnections(database: Database): Connections {
  const find = (key: Columns, columns: Columns, rest: string) =>
    createLookup<SealedConnection>(database, key, (wanted) => `${sealed(wanted, columns)} where ${rest}`);
  const ownDefault = find(owner, owner, "is_default = 1");
  const ownNamed = find([...owner, ["name", "text"]], owner, `${named} ${bestNamedLast}`);
  const sharedDefault = find(tenant, tenant, `${shared} order by connections.id desc`);
  const sharedNamed = find([...tenant, ["name", "text"]], tenant, `${shared} and ${named} ${bestNamedLast}`);

  return {
    findDefault: async (tenantId, profileId, integration) =>
      (await ownDefault(tenantId, profileId, integration)) ?? sharedDefault(tenantId, integration),
    find: async (tenantId, profileId, integration, name) =>
      (await ownNamed(tenantId, profileId, integration, name)) ?? sharedNamed(tenantId, integration, name),
    save: (connection, limit) => save(database, connection, limit),
    disconnect: (connection) => disconnect(database, connection),
    ...createConnectionRows(database),
  };
}

function save(
  { kysely }: Database,
  { row, seal, renewAt, mayReplace }: NewConnection,
  limit: number | null,
): Promise<ConnectionRow | "full" | "kept"> {
  return kysely.transaction().execute(async (transaction) => {
    await holdProfile(transaction, row.profile_id);
    const mine = await transaction
      .selectFrom("connections")
      .selectAll()
      .where("tenant_id", "=", row.tenant_id)
      .where("profile_id", "=", row.profile_id)
      .execute();
    const live = mine.filter(({ status }) => status !== disconnected);
    const known = mine.find((it) => it.integration === row.integration && it.account_id === row.account_id);
    const adds = !known || known.status === disconnected;
    if (adds && limit !== null && live.length >= limit) return "full";
    if (mayReplace === "broken" && known?.status === connectionStatus.connected) return "kept";

    const first = !live.some((it) => it.integration === row.integration);
    const saved: ConnectionRow = known
      ? {
          ...known,
          auth_method: row.auth_method,
          account: row.account,
          status: row.status,
          scopes: row.scopes,
          is_default: first ? 1 : known.is_default,
          is_shared: Math.max(row.is_shared, adds ? 0 : known.is_shared),
          // What comes back after it was gone begins anew; connecting again what is there is a use of it.
          ...(adds ? { last_used_at: null, created_at: row.created_at } : { last_used_at: row.created_at }),
        }
      : { ...row, is_default: first ? 1 : 0 };
    if (known) {
      const { tenant_id, id, ...changes } = saved;
      await transaction
        .updateTable("connections")
        .set(changes)
        .where("tenant_id", "=", tenant_id)
        .where("id", "=", id)
        .execute();
    } else {
      await transaction.insertInto("connections").values(saved).execute();
    }
    const credential = { box: seal(saved.id), renew_at: renewAt, updated_at: row.created_at };
    await transaction
      .insertInto("credentials")
      .values({ tenant_id: saved.tenant_id, connection_id: saved.id, ...credential })
      .onConflict((conflict) => conflict.columns(["tenant_id", "connection_id"]).doUpdateSet(credential))
      .execute();
    return saved;
  });
}

function disconnect(
  { kysely }: Database,
  { tenant_id, profile_id, id, integration }: ConnectionRow,
): Promise<void> {
  return kysely.transaction().execute(async (transaction) => {
    await holdProfile(transaction, profile_id);
    await transaction
      .deleteFrom("credentials")
      .where("tenant_id", "=", tenant_id)
      .where("connection_id", "=", id)
      .execute();
    await transaction
      .updateTable("connections")
      .set({ status: disconnected, is_default: 0, is_shared: 0 })
      .where("tenant_id", "=", tenant_id)
      .where("id", "=", id)
      .execute();
    const others = await transaction
      .selectFrom("connections")
      .select(["id", "is_default"])
      .where("tenant_id", "=", tenant_id)
      .where("profile_id", "=", profile_id)
      .where("integration", "=", integration)
      .where("status", "!=", disconnected)
      .orderBy("id")
      .execute();
    const [heir] = others;
    if (!heir || others.some(({ is_default }) => is_default === 1)) return;
    await transaction
      .updateTable("connections")
      .set({ is_default: 1 })
      .where("tenant_id", "=", tenant_id)
      .where("id", "=", heir.id)
      .execute();
  });
}

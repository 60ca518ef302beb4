import type { Database } from "#store/database.js";
import type { Columns } from "#store/json-rows.js";
import { createLookup } from "#store/lookup.js";
import { holdProfile } from "#store/profiles.js";
import type { ConnectionRow } from "#store/tables.js";

export const connected = "connected";
/** The service refused the credential; it is tried again at every call, and works again when the service takes it. */
export const needsReconnect = "needs_reconnect";
/** The row stays for the audit log; its credential is gone. */
export const disconnected = "disconnected";

/** What a call needs of a connection, and its sealed credential. */
export interface SealedConnection
  extends Pick<
    ConnectionRow,
    "tenant_id" | "id" | "integration" | "auth_method" | "account" | "status" | "last_used_at"
  > {
  box: string;
}

export interface NewConnection {
  row: ConnectionRow;
  /** Seals the credential for the id the connection gets: an account known before keeps its own. */
  seal(connectionId: string): string;
}

export interface Connections {
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
  /** Connected ones, oldest first. */
  list(tenantId: string, profileId: string): Promise<ConnectionRow[]>;
  /** Adds the account, or renews it when it is known; undefined when `limit` is reached. */
  save(connection: NewConnection, limit: number | null): Promise<ConnectionRow | undefined>;
  get(tenantId: string, profileId: string, id: string): Promise<ConnectionRow | undefined>;
  /** Erases the credential; another account of the integration becomes the default. */
  disconnect(connection: ConnectionRow): Promise<void>;
  setStatus(connection: Pick<ConnectionRow, "tenant_id" | "id">, status: string): Promise<void>;
  touch(connection: Pick<ConnectionRow, "tenant_id" | "id">, now: number): Promise<void>;
}

const owner: Columns = [
  ["tenant_id", "text"],
  ["profile_id", "text"],
  ["integration", "text"],
];

const sealed = (
  wanted: string,
) => `select row_at, connections.tenant_id, connections.id, integration, auth_method,
    account, status, last_used_at, box
  from ${wanted} join connections using (tenant_id, profile_id, integration)
  join credentials on credentials.tenant_id = connections.tenant_id and connection_id = connections.id`;

export function createConnections(database: Database): Connections {
  const { kysely } = database;
  const byDefault = createLookup<SealedConnection>(
    database,
    owner,
    (wanted) => `${sealed(wanted)} where is_default = 1`,
  );
  // An id counts before a name, the oldest of a name before the others.
  const byName = createLookup<SealedConnection>(
    database,
    [...owner, ["name", "text"]],
    (wanted) => `${sealed(wanted)} where connections.id = name or account = name
      order by connections.id = name, connections.id desc`,
  );

  return {
    findDefault: (...owner) => byDefault(...owner),
    find: (tenantId, profileId, integration, name) => byName(tenantId, profileId, integration, name),
    list: (tenantId, profileId) =>
      kysely
        .selectFrom("connections")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where("profile_id", "=", profileId)
        .where("status", "!=", disconnected)
        .orderBy("id")
        .execute(),
    save: (connection, limit) => save(database, connection, limit),
    get: (tenantId, profileId, id) =>
      kysely
        .selectFrom("connections")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where("profile_id", "=", profileId)
        .where("id", "=", id)
        .executeTakeFirst(),
    disconnect: (connection) => disconnect(database, connection),
    setStatus: async ({ tenant_id, id }, status) => {
      await kysely
        .updateTable("connections")
        .set({ status })
        .where("tenant_id", "=", tenant_id)
        .where("id", "=", id)
        .where("status", "!=", disconnected)
        .execute();
    },
    touch: async ({ tenant_id, id }, now) => {
      await kysely
        .updateTable("connections")
        .set({ last_used_at: now })
        .where("tenant_id", "=", tenant_id)
        .where("id", "=", id)
        .execute();
    },
  };
}

function save(
  { kysely }: Database,
  { row, seal }: NewConnection,
  limit: number | null,
): Promise<ConnectionRow | undefined> {
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
    if (adds && limit !== null && live.length >= limit) return undefined;

    const first = !live.some((it) => it.integration === row.integration);
    const saved: ConnectionRow = known
      ? {
          ...known,
          auth_method: row.auth_method,
          account: row.account,
          status: row.status,
          scopes: row.scopes,
          is_default: first ? 1 : known.is_default,
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
    const box = seal(saved.id);
    await transaction
      .insertInto("credentials")
      .values({ tenant_id: saved.tenant_id, connection_id: saved.id, box, updated_at: row.created_at })
      .onConflict((conflict) =>
        conflict.columns(["tenant_id", "connection_id"]).doUpdateSet({ box, updated_at: row.created_at }),
      )
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
      .set({ status: disconnected, is_default: 0 })
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

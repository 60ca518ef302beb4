import { sql } from "kysely";
import { disconnect, holdConnection, type NewConnection, saveConnection } from "#store/connection-changes.js";
import { connectionStatus } from "#store/connection-status.js";
import { createLookup } from "#store/engine/batched-read.js";
import type { Database } from "#store/engine/database.js";
import type { Columns } from "#store/engine/json-rows.js";
import { holdProfile } from "#store/profile-rows.js";
import type { ConnectionRow } from "#store/schema/tables.js";

export interface StoredCredential {
  /** SECRET, sealed by the vault. */
  box: string;
  /** From when on it is renewed before it is used, in ms since the epoch. */
  renew_at: number | null;
}

/** Facts about a connection that a call needs, and its sealed credential. */
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
      | "settings"
      | "is_shared"
      | "last_used_at"
    >,
    StoredCredential {}

export interface ConnectionFilter {
  tenantId: string;
  /** Only those of this person. */
  profileId?: string | undefined;
  /** With `profileId`: also those others share. */
  andShared?: boolean;
  integration?: string | undefined;
  /** Only those last used, or else made, before this moment. */
  unusedSince?: number | undefined;
}

export type ConnectionKey = Pick<ConnectionRow, "tenant_id" | "id">;

export interface RenewedCredential extends StoredCredential {
  /** Left out when the provider said nothing about them. */
  scopes?: string;
  now: number;
}

export interface ConnectionRows {
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
  /** Connected ones, oldest first. */
  list(filter: ConnectionFilter): Promise<ConnectionRow[]>;
  /** Also a disconnected one. */
  get(tenantId: string, id: string): Promise<ConnectionRow | undefined>;
  /** As it stands now; undefined when it has been erased. */
  credential(connection: ConnectionKey): Promise<(StoredCredential & { status: string }) | undefined>;
  /** Puts a renewed credential in the place of `replaced`; answers whether that was still there. */
  renew(connection: ConnectionKey, replaced: string, renewed: RenewedCredential): Promise<boolean>;
  /**
   * Is there another live connection, of anybody, to this account of the service, at whichever host of it, or one that may
   * be, since nobody knows whose it is? Every other one may be when this one's own id is empty.
   */
  isAccountInUse(account: { integrations: string[]; accountId: string; except: string }): Promise<boolean>;
  setDefault(connection: ConnectionRow): Promise<void>;
  setShared(connection: ConnectionKey, shared: boolean): Promise<void>;
  /**
   * The credential in `box` does not work any more, so the connection needs a new one; answers whether it was still
   * there.
   */
  endCredential(connection: ConnectionKey, box: string): Promise<boolean>;
  /** A connection that needed a new credential has one that works. */
  setConnected(connection: ConnectionKey): Promise<void>;
  touch(connection: ConnectionKey, now: number): Promise<void>;
}

const { connected, disconnected, needsReconnect } = connectionStatus;

const owner: Columns = [
  ["tenant_id", "text"],
  ["profile_id", "text"],
  ["integration", "text"],
];
const tenant: Columns = [
  ["tenant_id", "text"],
  ["integration", "text"],
];

const sealed = (keys: string, columns: Columns) => `select row_at, connections.tenant_id, connections.id,
    integration, auth_method, account, status, scopes, settings, is_shared, last_used_at, box, renew_at
  from ${keys} join connections using (${columns.map(([name]) => name).join(", ")})
  join credentials on credentials.tenant_id = connections.tenant_id and connection_id = connections.id`;

// An id counts before a name, the oldest of a name before the others.
const named = "(connections.id = name or account = name)";
const bestNamedLast = "order by connections.id = name, connections.id desc";

/** A connection is shared only as long as its person belongs to the tenant. */
const shared = `is_shared = 1 and exists (select 1 from memberships
  where memberships.tenant_id = connections.tenant_id and memberships.profile_id = connections.profile_id)`;

/** One's own come first; what others share is looked for only when there is none. */
export function createConnectionRows(database: Database): ConnectionRows {
  const { kysely } = database;
  const find = (key: Columns, columns: Columns, rest: string) =>
    createLookup<SealedConnection>(database, key, (keys) => `${sealed(keys, columns)} where ${rest}`);
  const ownDefault = find(owner, owner, "is_default = 1");
  const ownNamed = find([...owner, ["name", "text"]], owner, `${named} ${bestNamedLast}`);
  const sharedDefault = find(tenant, tenant, `${shared} order by connections.id desc`);
  const sharedNamed = find([...tenant, ["name", "text"]], tenant, `${shared} and ${named} ${bestNamedLast}`);

  return {
    findDefault: async (tenantId, profileId, integration) =>
      (await ownDefault(tenantId, profileId, integration)) ?? sharedDefault(tenantId, integration),
    find: async (tenantId, profileId, integration, name) =>
      (await ownNamed(tenantId, profileId, integration, name)) ?? sharedNamed(tenantId, integration, name),
    save: (connection, limit) => saveConnection(database, connection, limit),
    disconnect: (connection) => disconnect(database, connection),
    list: ({ tenantId, profileId, andShared, integration, unusedSince }) =>
      kysely
        .selectFrom("connections")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where("status", "!=", disconnected)
        .$if(profileId !== undefined, (query) =>
          query.where((eb) =>
            andShared
              ? eb.or([eb("profile_id", "=", profileId!), eb("is_shared", "=", 1)])
              : eb("profile_id", "=", profileId!),
          ),
        )
        .$if(integration !== undefined, (query) => query.where("integration", "=", integration!))
        .$if(unusedSince !== undefined, (query) =>
          query.where((eb) => eb(eb.fn.coalesce("last_used_at", "created_at"), "<", unusedSince!)),
        )
        .orderBy("id")
        .execute(),
    get: (tenantId, id) =>
      kysely
        .selectFrom("connections")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where("id", "=", id)
        .executeTakeFirst(),
    credential: ({ tenant_id, id }) =>
      kysely
        .selectFrom("credentials")
        .innerJoin("connections", (join) =>
          join
            .onRef("connections.tenant_id", "=", "credentials.tenant_id")
            .onRef("connections.id", "=", "credentials.connection_id"),
        )
        .select(["box", "renew_at", "status"])
        .where("credentials.tenant_id", "=", tenant_id)
        .where("credentials.connection_id", "=", id)
        .executeTakeFirst(),
    renew: ({ tenant_id, id }, replaced, { box, renew_at, scopes, now }) =>
      kysely.transaction().execute(async (transaction) => {
        if (scopes !== undefined) await holdConnection(transaction, { tenant_id, id });
        const { numUpdatedRows } = await transaction
          .updateTable("credentials")
          .set({ box, renew_at, updated_at: now })
          .where("tenant_id", "=", tenant_id)
          .where("connection_id", "=", id)
          .where("box", "=", replaced)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        if (scopes !== undefined) {
          await transaction
            .updateTable("connections")
            .set({ scopes })
            .where("tenant_id", "=", tenant_id)
            .where("id", "=", id)
            .execute();
        }
        return true;
      }),
    isAccountInUse: async ({ integrations, accountId, except }) =>
      Boolean(
        await kysely
          .selectFrom("connections")
          .select("id")
          .where("integration", "in", integrations)
          .$if(accountId !== "", (query) =>
            query.where(
              sql<boolean>`account_id in (${accountId}, cast(${accountId} as text) || ' ' || settings, '', ' ' || settings)`,
            ),
          )
          .where("status", "!=", disconnected)
          .where("id", "!=", except)
          .limit(1)
          .executeTakeFirst(),
      ),
    setDefault: ({ tenant_id, profile_id, integration, id }) =>
      kysely.transaction().execute(async (transaction) => {
        await holdProfile(transaction, profile_id);
        await transaction
          .updateTable("connections")
          .set((eb) => ({ is_default: eb.case().when("id", "=", id).then(1).else(0).end() }))
          .where("tenant_id", "=", tenant_id)
          .where("profile_id", "=", profile_id)
          .where("integration", "=", integration)
          .where("status", "!=", disconnected)
          .where((eb) =>
            eb.exists(
              eb
                .selectFrom("connections as chosen")
                .select("chosen.id")
                .where("chosen.tenant_id", "=", tenant_id)
                .where("chosen.id", "=", id)
                .where("chosen.status", "!=", disconnected),
            ),
          )
          .execute();
      }),
    setShared: async ({ tenant_id, id }, shared) => {
      await kysely
        .updateTable("connections")
        .set({ is_shared: shared ? 1 : 0 })
        .where("tenant_id", "=", tenant_id)
        .where("id", "=", id)
        .where("status", "!=", disconnected)
        .execute();
    },
    endCredential: ({ tenant_id, id }, box) =>
      kysely.transaction().execute(async (transaction) => {
        await holdConnection(transaction, { tenant_id, id });
        const { rows } = await sql`select 1 from credentials
          where tenant_id = ${tenant_id} and connection_id = ${id} and box = ${box}`.execute(transaction);
        if (rows.length === 0) return false;
        await transaction
          .updateTable("connections")
          .set({ status: needsReconnect })
          .where("tenant_id", "=", tenant_id)
          .where("id", "=", id)
          .execute();
        return true;
      }),
    setConnected: async ({ tenant_id, id }) => {
      await kysely
        .updateTable("connections")
        .set({ status: connected })
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

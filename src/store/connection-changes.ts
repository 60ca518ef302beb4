import { connectionStatus } from "#store/connection-status.js";
import type { Database, Transaction } from "#store/engine/database.js";
import { holdProfile } from "#store/profile-rows.js";
import type { ConnectionRow } from "#store/schema/tables.js";
import { isUnasked } from "#store/unasked-account.js";

const { disconnected } = connectionStatus;

export interface NewConnection {
  row: ConnectionRow;
  /** Seals the credential for the id the connection gets: an account known before keeps its own. */
  seal(connectionId: string): string;
  renewAt: number | null;
  /** Of an account that is known: only one whose credential does not work any more, when `broken`. */
  mayReplace: "any" | "broken";
}

/**
 * Keeps others from changing a connection until the transaction ends, and waits for one that is changing it. All write
 * the connection before its credential, so that no two wait for each other.
 */
export async function holdConnection(
  transaction: Transaction,
  { tenant_id, id }: { tenant_id: string; id: string },
): Promise<void> {
  await transaction
    .updateTable("connections")
    .set((eb) => ({ status: eb.ref("status") }))
    .where("tenant_id", "=", tenant_id)
    .where("id", "=", id)
    .execute();
}

/** Adds an account to a person's, or renews it, with their profile held. @see ConnectionRows.save */
export function saveConnection(
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
    const known = knownOf(mine, row);
    const adds = !known || known.status === disconnected;
    if (adds && limit !== null && live.length >= limit) return "full";
    if (mayReplace === "broken" && known?.status === connectionStatus.connected) return "kept";

    const first = !live.some((it) => it.integration === row.integration);
    const saved: ConnectionRow = known
      ? {
          ...known,
          auth_method: row.auth_method,
          account_id: row.account_id,
          account: row.account,
          status: row.status,
          scopes: row.scopes,
          settings: row.settings,
          is_default: first ? 1 : known.is_default,
          is_shared: Math.max(row.is_shared, adds ? 0 : known.is_shared),
          // An account that was disconnected begins anew; connecting one again that still is connected is a use of it.
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

/** The connection of this account; else one whose account nobody knew, which turns out to be this one. */
function knownOf(mine: readonly ConnectionRow[], row: ConnectionRow): ConnectionRow | undefined {
  const own = mine.filter(({ integration }) => integration === row.integration);
  const unasked = (it: ConnectionRow) => isUnasked(it) && it.settings === row.settings;
  return (
    own.find((it) => it.account_id === row.account_id) ??
    own.find((it) => it.status !== disconnected && unasked(it))
  );
}

/** Erases a credential, with the profile of its person held. @see ConnectionRows.disconnect */
export function disconnect(
  { kysely }: Database,
  { tenant_id, profile_id, id, integration }: ConnectionRow,
): Promise<void> {
  return kysely.transaction().execute(async (transaction) => {
    await holdProfile(transaction, profile_id);
    await transaction
      .updateTable("connections")
      .set({ status: disconnected, is_default: 0, is_shared: 0 })
      .where("tenant_id", "=", tenant_id)
      .where("id", "=", id)
      .execute();
    await transaction
      .deleteFrom("credentials")
      .where("tenant_id", "=", tenant_id)
      .where("connection_id", "=", id)
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

import { sql } from "kysely";
import type { Database } from "#store/engine/database.js";
import { deleteInSteps } from "#store/engine/steps.js";
import type { ConnectAttemptRow } from "#store/schema/tables.js";

export const attemptStatus = {
  /** Waits for the browser to come back. */
  pending: "pending",
  /** The browser has come back: nobody else can. */
  exchanging: "exchanging",
  connected: "connected",
  error: "error",
} as const;

type Outcome = Pick<ConnectAttemptRow, "status" | "connection_id" | "account" | "error">;
type AttemptKey = Pick<ConnectAttemptRow, "tenant_id" | "id">;

export interface ConnectAttemptRows {
  insert(row: ConnectAttemptRow): Promise<void>;
  get(tenantId: string, id: string): Promise<ConnectAttemptRow | undefined>;
  /** One of this person's, in whichever tenant. */
  getOwn(profileId: string, id: string): Promise<ConnectAttemptRow | undefined>;
  /** Takes a pending attempt, once; answers whether it was there to take. */
  take(attempt: AttemptKey): Promise<boolean>;
  /** Writes how it ended. */
  end(attempt: AttemptKey, outcome: Outcome): Promise<void>;
  /** Gives up a pending one; any other stays as it is. */
  cancel(attempt: AttemptKey, error: string): Promise<void>;
  deleteBefore(createdAt: number, signal?: AbortSignal): Promise<number>;
}

export function createConnectAttemptRows(database: Database): ConnectAttemptRows {
  const { kysely } = database;
  const leavePending = ({ tenant_id, id }: AttemptKey, change: Partial<ConnectAttemptRow>) =>
    kysely
      .updateTable("connect_attempts")
      .set(change)
      .where("tenant_id", "=", tenant_id)
      .where("id", "=", id)
      .where("status", "=", attemptStatus.pending)
      .executeTakeFirst();

  return {
    insert: async (row) => {
      await kysely.insertInto("connect_attempts").values(row).execute();
    },
    get: (tenantId, id) =>
      kysely
        .selectFrom("connect_attempts")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where("id", "=", id)
        .executeTakeFirst(),
    getOwn: (profileId, id) =>
      kysely
        .selectFrom("connect_attempts")
        .selectAll()
        .where("profile_id", "=", profileId)
        .where("id", "=", id)
        .executeTakeFirst(),
    take: async (attempt) =>
      (await leavePending(attempt, { status: attemptStatus.exchanging })).numUpdatedRows > 0n,
    end: async ({ tenant_id, id }, outcome) => {
      await kysely
        .updateTable("connect_attempts")
        .set(outcome)
        .where("tenant_id", "=", tenant_id)
        .where("id", "=", id)
        .execute();
    },
    cancel: async (attempt, error) => {
      await leavePending(attempt, { status: attemptStatus.error, error });
    },
    deleteBefore: (createdAt, signal) =>
      deleteInSteps(database, { table: "connect_attempts", where: sql`created_at < ${createdAt}` }, signal),
  };
}

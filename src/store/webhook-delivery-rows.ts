import type { Database, Transaction } from "#store/engine/database.js";
import type { WebhookDeliveryRow } from "#store/schema/listing-tables.js";

/** Webhooks that wait to be sent, of all tenants. */
export interface WebhookDeliveryRows {
  /** Those whose time has come, the longest due first. */
  due(now: number, limit: number): Promise<WebhookDeliveryRow[]>;
  postpone(delivery: WebhookDeliveryRow, attempts: number, nextAt: number): Promise<void>;
  delete(delivery: WebhookDeliveryRow): Promise<void>;
}

/** In the transaction of what it tells of: both are stored, or neither. */
export async function insertDelivery(transaction: Transaction, delivery: WebhookDeliveryRow): Promise<void> {
  await transaction.insertInto("webhook_deliveries").values(delivery).execute();
}

export function createWebhookDeliveryRows({ kysely }: Database): WebhookDeliveryRows {
  return {
    due: (now, limit) =>
      kysely
        .selectFrom("webhook_deliveries")
        .selectAll()
        .where("next_at", "<=", now)
        .orderBy("next_at")
        .orderBy("id")
        .limit(limit)
        .execute(),
    postpone: async ({ tenant_id, id }, attempts, nextAt) => {
      await kysely
        .updateTable("webhook_deliveries")
        .set({ attempts, next_at: nextAt })
        .where("tenant_id", "=", tenant_id)
        .where("id", "=", id)
        .execute();
    },
    delete: async ({ tenant_id, id }) => {
      await kysely
        .deleteFrom("webhook_deliveries")
        .where("tenant_id", "=", tenant_id)
        .where("id", "=", id)
        .execute();
    },
  };
}

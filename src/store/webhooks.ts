import type { Kysely } from "kysely";
import type { WebhookDeliveryRow } from "#store/schema/listing-tables.js";
import type { Tables } from "#store/schema/tables.js";

/** Webhooks that wait to be sent, of all tenants. */
export interface WebhookDeliveries {
  /** In the transaction of what it tells of: both are stored, or neither. */
  insert(delivery: WebhookDeliveryRow): Promise<void>;
  /** Those whose time has come, the longest due first. */
  due(now: number, limit: number): Promise<WebhookDeliveryRow[]>;
  postpone(delivery: WebhookDeliveryRow, attempts: number, nextAt: number): Promise<void>;
  delete(delivery: WebhookDeliveryRow): Promise<void>;
}

/** `kysely` may be a transaction. */
export function createWebhookDeliveries(kysely: Kysely<Tables>): WebhookDeliveries {
  return {
    insert: async (delivery) => {
      await kysely.insertInto("webhook_deliveries").values(delivery).execute();
    },
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

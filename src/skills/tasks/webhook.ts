import { createHmac } from "node:crypto";
import { type Clock, isoTime, minuteMs } from "#core/clock.js";
import { newId } from "#core/ids.js";
import type { RequestSignal } from "#core/request-signal.js";
import type { Database } from "#store/engine/database.js";
import type { WebhookDeliveryRow } from "#store/schema/listing-tables.js";
import type { WebhookDeliveryRows } from "#store/webhook-delivery-rows.js";

export interface WebhookSettings {
  url: string;
  /** SECRET. */
  secret: Buffer;
}

export type WebhookEvent = "task.created" | "task.approved" | "task.rejected" | "task.withdrawn";

/** Sends a request and answers with the status it got; rejects when there was no answer. */
export type Post = (url: string, headers: Record<string, string>, body: string) => Promise<number>;

export interface Webhook {
  /** A message to be stored together with the change it reports; undefined when no webhook is set up. */
  message(tenantId: string, type: WebhookEvent, data: object): WebhookDeliveryRow | undefined;
  /** Sends the messages that are due, on one server at a time; resolves when each has been tried. */
  deliver(): Promise<void>;
  /** Resolves when nothing is being sent. */
  settled(): Promise<void>;
}

interface Deps {
  settings: WebhookSettings | undefined;
  deliveries: WebhookDeliveryRows;
  database: Pick<Database, "locked">;
  post: Post;
  /** Once it is aborted, nothing more is sent. */
  shutdown: RequestSignal;
  clock: Clock;
  /** Tells the operator of a message that is given up. */
  warn: (facts: object, text: string) => void;
}

/** How long after each failure it is tried again; after the last it is given up. */
const pausesMs = [1, 5, 30, 2 * 60, 8 * 60].map((minutes) => minutes * minuteMs);
const batch = 50;

export function createWebhook(deps: Deps): Webhook {
  const { settings, deliveries, database, post, shutdown, clock, warn } = deps;
  let running: Promise<void> | undefined;
  let again = false;
  /** The sending under the lock, which `settled` waits for; it does not wait for another server's lock. */
  let sending: Promise<void> | undefined;

  async function attempt({ url, secret }: WebhookSettings, delivery: WebhookDeliveryRow): Promise<void> {
    const failure = await send(url, secret, delivery);
    if (failure === undefined) return deliveries.delete(delivery);
    // We aborted it ourselves, on shutdown: that is no failure of the receiver.
    if (shutdown.aborted) return;
    const pause = pausesMs[delivery.attempts];
    if (pause !== undefined) return deliveries.postpone(delivery, delivery.attempts + 1, clock() + pause);
    await deliveries.delete(delivery);
    warn({ webhook: delivery.id, failure }, "a webhook was given up: its receiver never took it");
  }

  async function send(
    url: string,
    secret: Buffer,
    { id, body }: WebhookDeliveryRow,
  ): Promise<string | undefined> {
    try {
      const status = await post(url, signedHeaders(secret, id, Math.floor(clock() / 1000), body), body);
      return status >= 200 && status < 300 ? undefined : `answered ${status}`;
    } catch (error) {
      return (error as Error).message;
    }
  }

  async function sendDue(target: WebhookSettings): Promise<void> {
    while (!shutdown.aborted) {
      const due = await deliveries.due(clock(), batch);
      if (due.length === 0) return;
      for (const delivery of due) if (!shutdown.aborted) await attempt(target, delivery);
    }
  }

  async function run(target: WebhookSettings): Promise<void> {
    do {
      again = false;
      await database.locked("webhooks", () => {
        sending = sendDue(target);
        return sending;
      });
    } while (again && !shutdown.aborted);
  }

  return {
    message(tenantId, type, data) {
      if (!settings) return undefined;
      const [id, now] = [newId("msg"), clock()];
      const body = JSON.stringify({ type, id, created_at: isoTime(now), data });
      return { tenant_id: tenantId, id, body, attempts: 0, next_at: now, created_at: now };
    },
    deliver() {
      if (!settings || shutdown.aborted) return Promise.resolve();
      // A message that was stored after the round under way had looked is sent by one more round.
      again = true;
      running ??= run(settings).finally(() => {
        running = undefined;
      });
      return running;
    },
    settled: async () => {
      await sending?.catch(() => {});
    },
  };
}

/** @see https://www.standardwebhooks.com, which receivers have libraries for */
export function signedHeaders(
  secret: Buffer,
  id: string,
  timestamp: number,
  body: string,
): Record<string, string> {
  const signature = createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest("base64");
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": `v1,${signature}`,
  };
}

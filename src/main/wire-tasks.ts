import type { FastifyBaseLogger } from "fastify";
import type { CatalogOf } from "#catalog/catalog.js";
import type { Clock } from "#core/clock.js";
import { RequestSignal } from "#core/request-signal.js";
import { createMailer } from "#identity/mail.js";
import type { Throttle } from "#identity/throttle.js";
import type { Config } from "#main/config.js";
import { createMakeChange } from "#skills/registry/transaction.js";
import { createDecideTask } from "#skills/tasks/decide.js";
import { createTaskMail } from "#skills/tasks/mail.js";
import { createTaskQueue, type Task, type TaskQueue } from "#skills/tasks/tasks.js";
import { createWebhook, type Post } from "#skills/tasks/webhook.js";
import type { ConnectionRows } from "#store/connection-rows.js";
import type { Database } from "#store/engine/database.js";
import type { ProfileRows } from "#store/profile-rows.js";
import { createTaskRows, type TaskRows } from "#store/task-rows.js";
import { createWebhookDeliveryRows } from "#store/webhook-delivery-rows.js";
import type { Upstream } from "#upstream/send.js";

interface Parts {
  config: Config;
  database: Database;
  profiles: ProfileRows;
  catalogOf: CatalogOf;
  connections: ConnectionRows;
  upstream: Upstream;
  throttle: Throttle;
  publicUrl: () => string;
  clock: Clock;
  logger: FastifyBaseLogger;
}

export interface TaskParts {
  tasks: TaskQueue;
  taskRows: TaskRows;
  /** Sends the webhooks that are due. */
  deliverWebhooks: () => void;
  /** Breaks off what is being sent; it is sent again at the next start. */
  stopWebhooks: () => Promise<void>;
}

/** Tasks that people are asked to decide, and how they and other programs hear of them. */
export function wireTasks(parts: Parts): TaskParts {
  const { config, database, profiles, catalogOf, connections, upstream, throttle, publicUrl, clock, logger } =
    parts;
  const taskRows = createTaskRows(database);
  const shutdown = new RequestSignal();
  const webhook = createWebhook({
    settings: config.webhook,
    deliveries: createWebhookDeliveryRows(database),
    database,
    post: createPost(upstream, shutdown),
    shutdown,
    clock,
    warn: (facts, text) => logger.warn(facts, text),
  });
  const failed = (what: string) => (error: unknown) => logger.warn({ err: error }, what);
  const deliver = () => void webhook.deliver().catch(failed("webhooks were not sent; they are tried again"));
  const tasks = createTaskQueue({
    tasks: taskRows,
    decideTask: createDecideTask({ makeChange: createMakeChange({ database, clock }) }),
    profiles,
    catalogOf,
    connections,
    webhook,
    notify: createNotify(config, taskRows, throttle, publicUrl, failed("a new task was not told by mail")),
    deliver,
    clock,
  });
  const stopWebhooks = async () => {
    shutdown.abort();
    await webhook.settled();
  };
  return { tasks, taskRows, deliverWebhooks: deliver, stopWebhooks };
}

function createPost(upstream: Upstream, signal: RequestSignal): Post {
  return async (url, headers, body) => {
    const service = "The receiver of webhooks";
    const request = { use: "webhook", service, method: "POST", url, headers, body, signal } as const;
    const response = await upstream.send(request);
    await response.body.dump();
    return response.status;
  };
}

/** Tasks of a tenant that are mailed; agents may ask for more, which stands in the queue alone. */
const taskMails = { max: 20, windowSeconds: 3600 };

/** Without SMTP nobody is told: what is printed for the operator are links that people wait for. */
function createNotify(
  { smtp }: Config,
  taskRows: TaskRows,
  throttle: Throttle,
  publicUrl: () => string,
  failed: (error: unknown) => void,
): (tenantId: string, task: Task) => void {
  if (!smtp) return () => {};
  const { send } = createMailer(smtp, () => {});
  const tell = createTaskMail({ tasks: taskRows, send, publicUrl });
  return (tenantId, task) => {
    const mailed = throttle.take(`task-mail/${tenantId}`, taskMails).then(async ({ allowed }) => {
      if (allowed) await tell(tenantId, task);
    });
    void mailed.catch(failed);
  };
}

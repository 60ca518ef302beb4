import type { FastifyBaseLogger } from "fastify";
import { type Clock, dayMs } from "#core/clock.js";
import { idempotencyTtlMs } from "#gateway/idempotency.js";
import type { Sources } from "#skills/sources.js";
import type { CallLog } from "#store/calls.js";
import type { ConnectAttempts } from "#store/connect-attempts.js";
import type { DeviceCodes } from "#store/device-codes.js";
import type { IdempotencyKeys } from "#store/idempotency.js";
import type { OAuthArtifacts } from "#store/oauth-artifacts.js";
import type { OAuthGrants } from "#store/oauth-grants.js";
import type { ResultRows } from "#store/results.js";
import type { Tasks } from "#store/tasks.js";
import type { Throttles } from "#store/throttles.js";
import type { Vault } from "#store/vault.js";

const everyMs = 3_600_000;
/** How soon a data key made by another server is used here as well. */
const reloadKeysMs = 60_000;
/** How late a webhook that is tried again may be. */
const deliverWebhooksMs = 15_000;
/** Windows of today and yesterday stay: a clock may be a little behind. */
const keepCountersMs = 2 * dayMs;

interface Deps {
  calls: CallLog;
  idempotencyKeys: IdempotencyKeys;
  resultRows: ResultRows;
  attempts: ConnectAttempts;
  throttles: Throttles;
  deviceCodes: DeviceCodes;
  artifacts: OAuthArtifacts;
  grants: OAuthGrants;
  taskRows: Tasks;
  deliverWebhooks: () => void;
  sources: Sources;
  tellEndingKeys: () => Promise<void>;
  vault: Vault;
  clock: Clock;
  logger: FastifyBaseLogger;
}

/** Clears away what has served its time, now and every hour. Answers with the way to stop. */
export function startHousekeeping(deps: Deps): () => void {
  const { calls, idempotencyKeys, resultRows, attempts, throttles, deviceCodes, taskRows } = deps;
  const { artifacts, grants, vault, clock, logger } = deps;
  const clear = () => {
    const now = clock();
    Promise.all([
      calls.deleteCountersBefore(now - keepCountersMs),
      // What a server that died on the same database left behind.
      calls.markInterrupted(),
      idempotencyKeys.deleteBefore(now - idempotencyTtlMs),
      resultRows.deleteExpired(now),
      attempts.deleteBefore(now - dayMs),
      throttles.deleteBefore(now - dayMs),
      deviceCodes.deleteExpired(now - dayMs),
      taskRows.expire(now),
      deps.tellEndingKeys(),
      artifacts.deleteExpired(now).then(() => grants.deleteOver(now - dayMs)),
    ]).catch((error) => logger.warn({ err: error }, "housekeeping failed; it is tried again in an hour"));
  };
  const refreshSources = () => {
    const onFault = ({ name }: { name: string }, err: unknown) =>
      logger.info({ err }, `the source ${name} could not be read anew; it is tried again in some hours`);
    deps.sources.refreshDue(onFault).catch((err) => logger.warn({ err }, "sources could not be refreshed"));
  };
  const reloadKeys = () => {
    vault.reload().catch((error) => logger.warn({ err: error }, "the data keys could not be read anew"));
  };
  const timers = [
    setInterval(clear, everyMs),
    setInterval(refreshSources, everyMs),
    setInterval(reloadKeys, reloadKeysMs),
    setInterval(deps.deliverWebhooks, deliverWebhooksMs),
  ];
  // What the last run of this server left unsent.
  deps.deliverWebhooks();
  for (const timer of timers) timer.unref();
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

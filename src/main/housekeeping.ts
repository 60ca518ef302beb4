import type { FastifyBaseLogger } from "fastify";
import { type Clock, dayMs } from "#core/clock.js";
import { idempotencyTtlMs } from "#gateway/idempotency.js";
import type { CallRows } from "#store/call-rows.js";
import type { ConnectAttemptRows } from "#store/connect-attempt-rows.js";
import type { DeviceCodeRows } from "#store/device-code-rows.js";
import { deleteEndedSignIns } from "#store/ended-sign-ins.js";
import type { Database } from "#store/engine/database.js";
import type { FileRows } from "#store/file-rows.js";
import type { IdempotencyRows } from "#store/idempotency-rows.js";
import type { OAuthArtifactRows } from "#store/oauth-artifact-rows.js";
import type { OAuthGrantRows } from "#store/oauth-grant-rows.js";
import type { ResultRows } from "#store/result-rows.js";
import type { TaskRows } from "#store/task-rows.js";
import type { ThrottleRows } from "#store/throttle-rows.js";
import type { Vault } from "#store/vault/vault.js";

const everyMs = 3_600_000;
/** How soon a data key made by another server is used here as well. */
const reloadKeysMs = 60_000;
/** How late a webhook that is tried again may be. */
const deliverWebhooksMs = 15_000;
/** Windows of today and yesterday stay: a clock may be a little behind. */
const keepCountersMs = 2 * dayMs;

/** After the start, which has enough to do. */
const firstAfterMs = 5_000;

export interface HousekeepingDeps {
  database: Database;
  calls: CallRows;
  /** How long calls stay in the log; `null` is for ever. */
  callsRetentionMs: number | null;
  idempotencyRows: IdempotencyRows;
  resultRows: ResultRows;
  fileRows: FileRows;
  attempts: ConnectAttemptRows;
  throttles: ThrottleRows;
  deviceCodes: DeviceCodeRows;
  artifacts: OAuthArtifactRows;
  grants: OAuthGrantRows;
  taskRows: TaskRows;
  deliverWebhooks: () => void;
  tellEndingKeys: () => Promise<void>;
  vault: Vault;
  clock: Clock;
  logger: FastifyBaseLogger;
}

type Duty = (now: number, signal: AbortSignal) => Promise<unknown>;

/** The duties that clear data away, by their name in the log. Each works in small steps. */
export function duties(
  deps: Omit<HousekeepingDeps, "vault" | "clock" | "logger" | "deliverWebhooks">,
): Record<string, Duty> {
  const { database, calls, callsRetentionMs, artifacts, grants } = deps;
  return {
    "calls of servers that died": (_now, signal) => calls.markAllInterrupted(signal),
    "counters of calls": (now, signal) => calls.deleteCountersBefore(now - keepCountersMs, signal),
    "idempotency keys": (now, signal) => deps.idempotencyRows.deleteBefore(now - idempotencyTtlMs, signal),
    results: (now, signal) => deps.resultRows.deleteExpired(now, signal),
    files: (now, signal) => deps.fileRows.deleteExpired(now, signal),
    "sign-ins at services": (now, signal) => deps.attempts.deleteBefore(now - dayMs, signal),
    throttles: (now, signal) => deps.throttles.deleteBefore(now - dayMs, signal),
    "device codes": (now, signal) => deps.deviceCodes.deleteExpired(now - dayMs, signal),
    tasks: (now, signal) => deps.taskRows.expire(now, signal),
    "telling of keys that end": () => deps.tellEndingKeys(),
    "codes and tokens of programs": (now, signal) => artifacts.deleteExpired(now, signal),
    "programs that have none": (now, signal) => grants.deleteOver(now - dayMs, signal),
    "sessions and links": (now, signal) => deleteEndedSignIns(database, now - dayMs, signal),
    "the log of calls": async (now, signal) => {
      if (callsRetentionMs !== null) await calls.deleteBefore(now - callsRetentionMs, signal);
    },
  };
}

/**
 * Clears away expired data, soon after the start and then every hour, on one server of a database at a time. Returns
 * a function that stops it, which resolves when the step under way is done.
 */
export function startHousekeeping(deps: HousekeepingDeps): () => Promise<void> {
  const { database, vault, clock, logger } = deps;
  const stopping = new AbortController();
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    const { signal } = stopping;
    for (const [what, duty] of Object.entries(duties(deps))) {
      if (signal.aborted) return;
      await duty(clock(), signal).catch((error) =>
        logger.warn({ err: error, what }, "housekeeping failed; it is tried again in an hour"),
      );
    }
  }
  const clear = () => {
    // The clearing of the hour before still goes on, or waits for another server: no second one is begun.
    if (working) return;
    const underLock = () => {
      working = work().finally(() => {
        working = undefined;
      });
      return working;
    };
    database
      .locked("housekeeping", underLock)
      .catch((error) => logger.warn({ err: error }, "housekeeping failed; it is tried again in an hour"));
  };
  const reloadKeys = () => {
    vault.reload().catch((error) => logger.warn({ err: error }, "the data keys could not be read anew"));
  };
  const timers = [
    setTimeout(clear, firstAfterMs),
    setInterval(clear, everyMs),
    setInterval(reloadKeys, reloadKeysMs),
    setInterval(deps.deliverWebhooks, deliverWebhooksMs),
  ];
  // Deliveries that the last run of this server did not send.
  deps.deliverWebhooks();
  for (const timer of timers) timer.unref();
  return async () => {
    for (const timer of timers) clearTimeout(timer);
    stopping.abort();
    await working;
  };
}

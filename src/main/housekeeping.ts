import type { FastifyBaseLogger } from "fastify";
import { type Clock, dayMs } from "#core/clock.js";
import { idempotencyTtlMs } from "#gateway/idempotency.js";
import type { CallLog } from "#store/calls.js";
import type { IdempotencyKeys } from "#store/idempotency.js";

const everyMs = 3_600_000;
/** Windows of today and yesterday stay: a clock may be a little behind. */
const keepCountersMs = 2 * dayMs;

interface Deps {
  calls: CallLog;
  idempotencyKeys: IdempotencyKeys;
  clock: Clock;
  logger: FastifyBaseLogger;
}

/** Clears away what has served its time, now and every hour. Answers with the way to stop. */
export function startHousekeeping({ calls, idempotencyKeys, clock, logger }: Deps): () => void {
  const clear = () => {
    const now = clock();
    Promise.all([
      calls.deleteCountersBefore(now - keepCountersMs),
      // What a server that died on the same database left behind.
      calls.markInterrupted(),
      idempotencyKeys.deleteBefore(now - idempotencyTtlMs),
    ]).catch((error) => logger.warn({ err: error }, "housekeeping failed; it is tried again in an hour"));
  };
  const timer = setInterval(clear, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

import type { FastifyBaseLogger } from "fastify";
import type { RunJob } from "#core/job.js";
import { createExecute, type Execute, type ExecuteDeps } from "#gateway/execute.js";
import { createExecuteAll } from "#gateway/execute-all.js";
import { createExecuteSteps } from "#gateway/execute-steps.js";
import { createFiles } from "#gateway/files/files.js";
import { createIdempotency } from "#gateway/idempotency.js";
import { createLiveCalls } from "#gateway/live-calls.js";
import { createResults } from "#gateway/results.js";
import type { Config } from "#main/config.js";
import { createSandbox } from "#sandbox/service.js";
import type { Database } from "#store/engine/database.js";
import { createFileRows } from "#store/file-rows.js";
import { createIdempotencyRows } from "#store/idempotency-rows.js";
import { createResultRows } from "#store/result-rows.js";
import type { ThrottleRows } from "#store/throttle-rows.js";
import type { Vault } from "#store/vault/vault.js";

type Made = "inside" | "idempotency" | "results" | "files" | "live" | "totalMs" | "onFault";

interface Deps extends Omit<ExecuteDeps, Made> {
  config: Config;
  database: Database;
  vault: Vault;
  throttles: ThrottleRows;
  runJob: RunJob;
  logger: FastifyBaseLogger;
}

/** One call, the service that is inside, and what is kept. */
export function wireGateway(deps: Deps) {
  const { config, database, vault, throttles, runJob, calls, clock, logger } = deps;
  const idempotencyRows = createIdempotencyRows(database);
  const resultRows = createResultRows(database);
  const live = createLiveCalls();
  const sandbox = createSandbox({ database, throttles, clock });
  const results = createResults({
    rows: resultRows,
    vault,
    runJob,
    clock,
    onError: (error) =>
      logger.error({ err: error }, "an answer could not be shaped on another thread, or not be kept"),
  });
  const fileRows = createFileRows(database);
  const files = createFiles({
    rows: fileRows,
    vault,
    maxBytes: config.maxFileBytes,
    clock,
    onError: (error) => logger.error({ err: error }, "a file that broke off is deleted later"),
  });
  const onFault = (error: unknown) =>
    logger.error({ err: error }, "a call was answered, and what follows failed");
  const idempotency = createIdempotency({ keys: idempotencyRows, calls, vault, clock });
  const made = { idempotency, results, files, onFault };
  const executeOne = createExecute({
    ...deps,
    ...made,
    inside: { sandbox: sandbox.answer },
    live,
    totalMs: config.callTimeoutMs,
  });
  const executeSteps = createExecuteSteps({ ...deps, ...made, execute: executeOne });
  const execute: Execute = (request) =>
    !request.raw && request.catalog.endpoint(request.integration, request.endpoint).composite
      ? executeSteps(request)
      : executeOne(request);
  const executeAll = createExecuteAll({ execute, results, clock, onFault });
  return {
    live,
    routes: { execute, executeAll, results, files, sandbox },
    kept: { idempotencyRows, resultRows, fileRows },
  };
}

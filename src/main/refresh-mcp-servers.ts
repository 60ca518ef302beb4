import type { FastifyBaseLogger } from "fastify";
import { RequestSignal } from "#core/request-signal.js";
import type { Database } from "#store/engine/database.js";

const everyMs = 3_600_000;
/** So long it may take: then the rest waits for the next time. */
const maxMs = 50 * 60_000;

interface Deps {
  database: Pick<Database, "locked">;
  refreshAll: (signal: RequestSignal) => Promise<void>;
  logger: FastifyBaseLogger;
}

/**
 * Reads the tools of MCP servers anew every hour, on one server of a database at a time. Returns a function that stops it,
 * which resolves when no reading is under way.
 */
export function startRefreshingServers({ database, refreshAll, logger }: Deps): () => Promise<void> {
  const stopping = new RequestSignal();
  let isWaiting = false;
  let working: Promise<void> = Promise.resolve();
  const onError = (err: unknown) =>
    logger.warn({ err }, "MCP servers could not be read anew; it is tried again in an hour");

  async function underLock(): Promise<void> {
    if (stopping.aborted) return;
    const limit = new RequestSignal();
    const timer = setTimeout(() => limit.abort(), maxMs).unref();
    stopping.once("abort", () => limit.abort());
    working = refreshAll(limit).finally(() => clearTimeout(timer));
    await working;
  }
  const refresh = () => {
    // Another server is at it still, or this one.
    if (isWaiting) return;
    isWaiting = true;
    const ended = database.locked("mcp-servers", underLock).catch(onError);
    void ended.finally(() => {
      isWaiting = false;
    });
  };
  const timer = setInterval(refresh, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    stopping.abort();
    await working.catch(() => {});
  };
}

import type { FastifyBaseLogger } from "fastify";
import { RequestSignal } from "#core/request-signal.js";
import type { Sources } from "#skills/listings/sources.js";

/** How often it is asked which repositories have not been looked at for some hours. */
const everyMs = 3_600_000;

/**
 * Keeps git repositories that listings come from up to date. Returns a function that stops it, which resolves when no
 * reading is under way.
 */
export function startRefreshing(sources: Sources, logger: FastifyBaseLogger): () => Promise<void> {
  const stopping = new RequestSignal();
  let working: Promise<void> = Promise.resolve();
  const onError = ({ name }: { name: string }, err: unknown) =>
    logger.info({ err }, `the source ${name} could not be read anew; it is tried again in some hours`);
  const refresh = () => {
    working = working
      .then(() => sources.refreshDue(onError, stopping))
      .catch((err) => logger.warn({ err }, "sources could not be refreshed"));
  };
  const timer = setInterval(refresh, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    stopping.abort();
    return working;
  };
}

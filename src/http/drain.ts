import type { FastifyInstance } from "fastify";

/**
 * Closing lets the requests in flight finish, then ends every connection: one that a client has opened
 * ahead of need and never used would otherwise hold the process for a minute.
 */
export function drainOnClose(server: FastifyInstance): void {
  let inFlight = 0;
  let drained = () => {};

  server.addHook("onRequest", (_request, reply, done) => {
    inFlight += 1;
    reply.raw.once("close", () => {
      inFlight -= 1;
      if (inFlight === 0) drained();
    });
    done();
  });
  // Not waited for: Fastify stops listening meanwhile, and ends when the last connection has.
  server.addHook("preClose", async () => {
    drained = () => server.server.closeAllConnections();
    if (inFlight === 0) drained();
  });
}

/** How long answers that are ready have to reach clients that do not read them. */
const graceMs = 3_000;

/**
 * Closes the server, and waits for requests under way no longer than `drainMs`: then they are ended, and a little
 * later the connections of clients that do not take their answer.
 *
 * @param endAll ends the requests under way, each with an answer
 */
export async function drain(
  server: FastifyInstance,
  drainMs: number,
  endAll: () => void,
  close: () => Promise<unknown>,
): Promise<void> {
  const timers = [
    setTimeout(endAll, drainMs),
    setTimeout(() => server.server.closeAllConnections(), drainMs + graceMs),
  ];
  try {
    await close();
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

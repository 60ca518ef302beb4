import type { FastifyBaseLogger } from "fastify";

interface Deps {
  slugs: readonly string[];
  /** Starts the server of a slug; its tools are told on the way. */
  read: (slug: string) => Promise<void>;
  /** The latest lines that the server wrote to stderr, without secrets. */
  complaintsOf: (slug: string) => readonly string[];
  logger: FastifyBaseLogger;
}

/** Between two attempts to read the tools of a server that did not answer: twice as long each time. */
const retryMs = { first: 10_000, longest: 10 * 60_000 };

/** Reads the tools of all servers, each until it has answered once. Returns a function that gives up. */
export function startReadingStdioServers({ slugs, read, complaintsOf, logger }: Deps): () => void {
  const timers = new Set<NodeJS.Timeout>();
  let isOver = false;

  async function attempt(slug: string, waitMs: number): Promise<void> {
    try {
      await read(slug);
    } catch (err) {
      if (isOver) return;
      const message = `the tools of an MCP server could not be read; it is tried again in ${waitMs / 1000} seconds`;
      logger.warn({ err, mcp_server: slug, stderr: complaintsOf(slug) }, message);
      const timer = setTimeout(() => {
        timers.delete(timer);
        void attempt(slug, Math.min(2 * waitMs, retryMs.longest));
      }, waitMs).unref();
      timers.add(timer);
    }
  }

  for (const slug of slugs) void attempt(slug, retryMs.first);
  return () => {
    isOver = true;
    for (const timer of timers) clearTimeout(timer);
  };
}

import type { RequestSignal } from "#core/request-signal.js";
import type { McpServers } from "#integrations/mcp/servers.js";
import type { IntegrationRows } from "#store/integration-rows.js";

interface Deps {
  servers: Pick<McpServers, "refresh">;
  integrations: Pick<IntegrationRows, "pageOfServers">;
  /** Told of a server that could not be read; the others are read all the same. */
  onError: (server: { tenantId: string; slug: string }, error: unknown) => void;
}

const pageRows = 100;
/** Servers that are asked at the same time. */
const atOnce = 4;

/**
 * Reads the tools of all servers of all tenants anew, each with the account of whoever added it, or without one. It ends
 * early when the signal says so.
 */
export function createRefreshAll({ servers, integrations, onError }: Deps) {
  return async (signal: RequestSignal): Promise<void> => {
    let after = { tenant_id: "", slug: "" };
    for (;;) {
      const page = await integrations.pageOfServers(after, pageRows);
      const waiting = [...page];
      const work = async () => {
        for (let row = waiting.shift(); row && !signal.aborted; row = waiting.shift()) {
          const { tenant_id: tenantId, created_by: profileId, slug } = row;
          await servers
            .refresh({ tenantId, profileId }, slug, signal)
            .catch((error) => onError({ tenantId, slug }, error));
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      if (page.length < pageRows || signal.aborted) return;
      after = page.at(-1)!;
    }
  };
}

import type { Contract } from "#contract/contract.js";
import type * as routes from "#contract/mcp-servers.js";
import type { Api, Output } from "#contract/route.js";
import type { AddedServer, McpServers } from "#integrations/mcp/servers.js";

export interface McpServersDeps {
  mcpServers: McpServers;
}

export function createMcpServersApi({ mcpServers }: McpServersDeps): Api<typeof routes> {
  return {
    async addMcpServer({ caller, body: { url, slug = null, name = null, headers = {} }, signal }) {
      return toServer(await mcpServers.add(caller, { url, slug, name, headers }, signal));
    },
    async refreshMcpServer({ caller, params, signal }) {
      return toServer(await mcpServers.refresh(caller, params.integration, signal));
    },
  };
}

function toServer(added: AddedServer): Output<Contract["addMcpServer"]> {
  const { slug, isClosed, endpoints, diff, gains, report } = added;
  return {
    integration: slug,
    closed: isClosed,
    endpoints,
    diff,
    gains,
    notes: report.notes,
    next: nextOf(added),
  };
}

function nextOf({ slug, isClosed, canSignIn, endpoints }: AddedServer): string[] {
  const connect = `skillett connect ${slug}${canSignIn ? "" : " --token -"}`;
  if (isClosed) return [connect, `skillett integrations refresh ${slug}`];
  const seeOff = endpoints.off > 0 ? [`skillett integrations list ${slug}`] : [];
  return [...seeOff, `skillett skills ${slug}`];
}

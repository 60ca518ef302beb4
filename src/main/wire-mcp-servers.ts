import type { Clock } from "#core/clock.js";
import type { CallTool } from "#mcp-servers/call-tool.js";
import { createSessions } from "#mcp-servers/sessions.js";
import type { Upstream } from "#upstream/send.js";

interface Parts {
  upstream: Upstream;
  totalMs: number;
  clock: Clock;
}

export interface McpServerParts {
  callTool: CallTool;
}

/** Servers of others that speak MCP. The client library is loaded with the first call of one. */
export function wireMcpServers({ upstream, totalMs, clock }: Parts): McpServerParts {
  const deps = { upstream, totalMs, sessions: createSessions(clock) };
  let loading: Promise<CallTool> | undefined;
  const load = async () => (await import("#mcp-servers/call-tool.js")).createCallTool(deps);
  return {
    callTool: async (call) => {
      loading ??= load();
      return (await loading)(call);
    },
  };
}

import type { McpParts } from "#main/mcp-backend.js";
import type { McpHandler } from "#mcp/handler.js";

/** MCP over HTTP, loaded at the first request: most starts of a server are for something else. */
export function wireMcp(parts: McpParts): McpHandler {
  let loading: Promise<McpHandler> | undefined;

  async function load(): Promise<McpHandler> {
    const { createHandler } = await import("#main/mcp-backend.js");
    return createHandler(parts);
  }

  return {
    async handle(request, response, origin, body) {
      loading ??= load();
      await (await loading).handle(request, response, origin, body);
    },
    async close() {
      await (await loading)?.close();
    },
  };
}

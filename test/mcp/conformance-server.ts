import Fastify from "fastify";
import type { Caller } from "#core/caller.js";
import { sendError } from "#http/errors.js";
import { addMcpRoute } from "#http/mcp-route.js";
import { createMcpHttpHandler } from "#mcp/handler.js";
import { createFixtureServer } from "./conformance-fixture.js";

/** Our route and our handler, on loopback, with the suite's fixtures behind them; whoever asks is let in. */
export async function startConformanceServer(): Promise<{ url: string; close(): Promise<void> }> {
  const caller = { keyId: "key_0", scopes: ["*"] } as unknown as Caller;
  const handler = createMcpHttpHandler(createFixtureServer, () => {});
  const server = Fastify();
  let url = "http://localhost";
  server.setErrorHandler((error, request, reply) => sendError(error, request, reply, url));
  await addMcpRoute(server, {
    authenticate: async () => caller,
    handle: handler.handle,
    publicUrl: () => url,
  });
  url = await server.listen({ host: "127.0.0.1", port: 0 });
  return {
    url: `${url}/mcp`,
    close: async () => {
      await handler.close();
      await server.close();
    },
  };
}

import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as OlderClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OlderTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ResultSchema } from "@modelcontextprotocol/sdk/types.js";

/** A client in each of the two protocol eras, and the one that most programs still have. */
export const eras = ["client 2.x, 2025", "client 2.x, 2026", "sdk 1.x"] as const;
export type Era = (typeof eras)[number];

/** What clients of all eras do alike. */
export interface McpClient {
  /** The version that both sides agreed on. */
  version: string | undefined;
  instructions: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
  ask(method: string, params?: Record<string, unknown>, signal?: AbortSignal): Promise<any>;
  call(tool: string, args?: unknown, signal?: AbortSignal): Promise<ToolAnswer>;
  close(): Promise<void>;
}

export interface ToolAnswer {
  content: { type: string; text: string }[];
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
  structuredContent?: any;
  _meta?: Record<string, unknown>;
  isError?: boolean;
}

export async function connectMcp(url: string, key: string, era: Era): Promise<McpClient> {
  const at = new URL(`${url}/mcp`);
  const options = { requestInit: { headers: { authorization: `Bearer ${key}` } } };
  const about = { name: "test", version: "1.0.0" };
  if (era === "sdk 1.x") {
    const client = new OlderClient(about);
    const transport = new OlderTransport(at, options);
    // Its own types are not as exact as ours are strict.
    await client.connect(transport as Parameters<typeof client.connect>[0]);
    const ask = (method: string, params?: object, signal?: AbortSignal) =>
      client.request({ method, params } as never, ResultSchema, signal ? { signal } : {});
    return toMcpClient(ask, {
      version: transport.protocolVersion,
      instructions: client.getInstructions(),
      close: () => client.close(),
    });
  }
  const client = await connectNewer(url, key, era);
  const any = { "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } };
  const ask = (method: string, params?: object, signal?: AbortSignal) =>
    client.request({ method, params } as never, any as never, signal ? { signal } : {});
  return toMcpClient(ask, {
    version: client.getNegotiatedProtocolVersion(),
    instructions: client.getInstructions(),
    close: () => client.close(),
  });
}

/** The client itself, for what only newer ones can. */
export async function connectNewer(url: string, key: string, era: Exclude<Era, "sdk 1.x">): Promise<Client> {
  const negotiation = era === "client 2.x, 2026" ? { versionNegotiation: { mode: "auto" as const } } : {};
  const client = new Client({ name: "test", version: "1.0.0" }, negotiation);
  const requestInit = { headers: { authorization: `Bearer ${key}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }));
  return client;
}

function toMcpClient(
  ask: (method: string, params?: object, signal?: AbortSignal) => Promise<unknown>,
  facts: Pick<McpClient, "version" | "instructions" | "close">,
): McpClient {
  return {
    ...facts,
    ask: (method, params = {}, signal) => ask(method, params, signal),
    call: async (name, args = {}, signal) =>
      (await ask("tools/call", { name, arguments: args }, signal)) as ToolAnswer,
  };
}

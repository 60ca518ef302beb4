import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "@modelcontextprotocol/client";
import { version } from "#core/version.js";
import { anyResult, noTimeout } from "#mcp-servers/converse.js";
import { allPages, type ServerTools } from "#mcp-servers/list-tools.js";
import { pinOf } from "#mcp-servers/pin.js";
import type { StdioCommand } from "#mcp-servers/stdio/command.js";
import { createStdioTransport, type StdioTransport, wasStopped } from "#mcp-servers/stdio/transport.js";

export type StdioTools = Pick<ServerTools, "tools" | "leftOut">;

/** A process of a server whose tools have been read. */
export interface Connection {
  transport: StdioTransport;
  /** Pin by name of each tool that it has now. */
  pins(): ReadonlyMap<string, string>;
  /** @throws ProtocolError for an error of JSON-RPC; anything else when there was no answer */
  callTool(
    params: { name: string; arguments: Record<string, unknown> },
    signal: AbortSignal,
  ): Promise<unknown>;
}

/** The process had ended, or was given up, before its tools were known; its message says how, without a subject. */
export class EndedEarly extends Error {}

interface Events {
  onComplaint: (line: string) => void;
  /** The tools that it has, at its start and whenever it says that they are others. */
  onTools: (tools: StdioTools) => void;
}

/** So long after one reading of a server that says so all the time comes the next. */
const againMs = 10_000;

/** Starts a process and reads its tools. It is stopped when that fails, or the signal says so. */
export async function connect(
  command: StdioCommand,
  { onComplaint, onTools }: Events,
  signal: AbortSignal,
): Promise<Connection> {
  let pins: ReadonlyMap<string, string> = new Map();
  let isReady = false;
  let hasChanged = false;

  async function readTools(): Promise<void> {
    const found = await allPages(client);
    pins = new Map(found.tools.map((tool) => [tool.name, pinOf(tool)]));
    onTools(found);
  }
  const readAgain = oneAtATime(readTools, () => void transport.close());
  const transport = createStdioTransport(command, {
    onComplaint,
    onToolsChanged: () => {
      hasChanged = true;
      if (isReady) readAgain();
    },
  });
  // Nothing that a server may ask of a client is declared, so that it asks for nothing.
  const client = new Client({ name: "skillett", version }, { capabilities: {} });
  const stop = () => void transport.close();
  signal.addEventListener("abort", stop);
  try {
    await client.connect(transport, noTimeout);
    await readTools();
    signal.throwIfAborted();
    isReady = true;
    if (hasChanged) readAgain();
    return {
      transport,
      pins: () => pins,
      callTool: (params, ending) =>
        client.request({ method: "tools/call", params }, anyResult, { ...noTimeout, signal: ending }),
    };
  } catch (error) {
    const how = transport.end();
    await transport.close();
    throw how === undefined || how === wasStopped ? error : new EndedEarly(how);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** However often a server says that its tools are others: they can be called as they were until they have been read. */
function oneAtATime(read: () => Promise<void>, onError: () => void): () => void {
  let isReading = false;
  let isWanted = false;

  async function readWhileWanted(): Promise<void> {
    while (isWanted) {
      isWanted = false;
      await read();
      await sleep(againMs, undefined, { ref: false });
    }
  }

  return () => {
    isWanted = true;
    if (isReading) return;
    isReading = true;
    void readWhileWanted()
      .catch(onError)
      .finally(() => {
        isReading = false;
      });
  };
}

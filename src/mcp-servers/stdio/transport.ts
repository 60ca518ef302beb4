import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";
import { stringify } from "lossless-json";
import { isObject } from "#core/json-object.js";
import { type Child, maxLineBytes, NotWritten, startChild } from "#mcp-servers/stdio/child.js";
import type { StdioCommand } from "#mcp-servers/stdio/command.js";
import { readMessage } from "#mcp-servers/wire.js";

/** An end that was ours, as when the library gives up. */
export const wasStopped = "was stopped";

/** One process of a server, as the client library sees it. */
export interface StdioTransport extends Transport {
  /** How the process has ended, or why it is being ended, in a sentence without a subject; undefined while it runs. */
  end(): string | undefined;
  /** Resolves when the process has ended, or is being ended. */
  ended(): Promise<void>;
  /** It has sent more than is read. */
  wasTooLong(): boolean;
  /** When the process has last sent a message, by `performance.now()`. */
  heardAt(): number;
}

export interface TransportEvents {
  /** A line of its stderr. */
  onComplaint: (line: string) => void;
  /** The server says that its tools are others now. */
  onToolsChanged: () => void;
}

/**
 * Messages are lines of JSON. Of what a server sends, answers to our requests are passed on, and its own requests, which
 * the library answers; all else is passed over. More than 8 MiB of that between two answers end the process.
 *
 * @see MCP 2025-11-25, Transports, stdio
 */
export function createStdioTransport(command: StdioCommand, events: TransportEvents): StdioTransport {
  const waiting = new Set<unknown>();
  let child: Child | undefined;
  let end: string | undefined;
  let isTooLong = false;
  let heardAt = performance.now();
  let passedOver = 0;
  let tellEnd = () => {};
  const ended = new Promise<void>((resolve) => {
    tellEnd = resolve;
  });

  function finish(how: string): void {
    if (end !== undefined) return;
    end = how;
    tellEnd();
    transport.onclose?.();
  }

  function giveUp(): void {
    isTooLong = true;
    finish(`sent more than ${maxLineBytes / 1024 / 1024} MiB, which are not read`);
    void child?.stop();
  }

  function take(message: unknown): boolean {
    if (!isMessage(message)) return false;
    heardAt = performance.now();
    if (message.method === "notifications/tools/list_changed") events.onToolsChanged();
    const isAnswer = message.method === undefined && waiting.delete(message.id);
    const asks = typeof message.method === "string" && message.id !== undefined;
    if (isAnswer || asks) transport.onmessage?.(message as unknown as JSONRPCMessage);
    return isAnswer;
  }

  function onLine(line: Buffer): void {
    if (end !== undefined) return;
    // Batches are lists of messages. @see MCP 2025-03-26, Transports
    const answers = messagesIn(line).filter(take).length;
    passedOver = answers > 0 ? 0 : passedOver + Math.max(line.length, minCounted);
    if (passedOver > maxLineBytes) giveUp();
  }

  const transport: StdioTransport = {
    async start() {
      const { onComplaint } = events;
      child = await startChild(command, { onLine, onComplaint, onTooLong: giveUp, onEnd: finish });
      if (end !== undefined) await child.stop();
    },
    async send(message) {
      if (!child || end !== undefined) throw new NotWritten("The process has ended");
      child.write(stringify(message)!);
      if ("id" in message && "method" in message) waiting.add(message.id);
    },
    async close() {
      finish(wasStopped);
      await child?.stop();
    },
    end: () => end,
    ended: () => ended,
    wasTooLong: () => isTooLong,
    heardAt: () => heardAt,
  };
  return transport;
}

/** A line that is passed over counts as so many bytes or more: to look at it takes time, however short it is. */
const minCounted = 256;

/** None in a line that is not of the protocol, such as a greeting that should have gone to stderr. */
function messagesIn(line: Buffer): unknown[] {
  // Most rubbish is known by its first character.
  if (!/^\s*[[{]/.test(line.toString("latin1", 0, 20))) return [];
  try {
    return [readMessage(line.toString())].flat();
  } catch {
    return [];
  }
}

interface Message {
  id?: unknown;
  method?: unknown;
}

/** @see JSON-RPC 2.0 §4 and §5 */
function isMessage(value: unknown): value is Message {
  if (!isObject(value) || value.jsonrpc !== "2.0") return false;
  if (typeof value.method === "string") return value.params === undefined || isObject(value.params);
  if (isObject(value.result)) return value.error === undefined;
  const { error } = value;
  return isObject(error) && Number.isInteger(error.code) && typeof error.message === "string";
}

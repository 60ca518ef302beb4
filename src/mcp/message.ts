import { isJSONRPCResponse, ProtocolErrorCode, parseJSONRPCMessage } from "@modelcontextprotocol/server";
import { beginningOf, isLongerThan } from "#core/characters.js";
import { meant } from "#core/lenient.js";

/** What every request has in the same place. Lists are asked for with a cursor, tools and prompts with arguments. */
const message = {
  type: "object",
  properties: {
    params: {
      type: "object",
      properties: {
        _meta: { type: "object" },
        arguments: { type: "object" },
        cursor: { type: "string" },
      },
    },
  },
};

/** Clients may ask many things at once, each with a whole answer. @see MCP 2025-03-26, Batching */
export const maxInBatch = 50;

/** A message, or each of a batch, as it was meant: some clients write null for what they leave out. */
export function meantMessage(value: unknown): unknown {
  return Array.isArray(value) ? value.map((one) => meant(message, one)) : meant(message, value);
}

/** Characters of what a message names. What is longer is told back, or breaks what looks for it. */
export const maxNameLength = 8_192;

/** Why a message, or one of a batch, names something too long: a method, a tool, a resource, a cursor. */
export function longName(value: unknown): string | undefined {
  for (const { method, params } of [value].flat().filter(isObject)) {
    const named = isObject(params)
      ? Object.entries(params).map(([name, text]) => [`params.${name}`, text])
      : [];
    for (const [at, text] of [["method", method], ...named])
      if (typeof text === "string" && isLongerThan(text, maxNameLength))
        return `The message has over ${maxNameLength} characters in ${beginningOf(String(at), 50)}.`;
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** What may be done with what came in one piece. */
export interface Incoming {
  /** To be read, each a message. */
  messages: unknown[];
  /** To be sent back at once: a request that cannot be read is answered all the same, by its id. */
  replies: object[];
}

/** Takes a JSON value apart into messages of the protocol. What has no id and is no message is left out. */
export function readMessages(value: unknown): Incoming {
  const all = [meantMessage(value)].flat();
  if (all.length > maxInBatch) return { messages: [], replies: all.flatMap((one) => refuse(one, tooMany)) };
  const good = all.filter((one) => isMessage(one) && longName(one) === undefined);
  return {
    messages: good,
    replies: all.filter((one) => !good.includes(one)).flatMap((one) => refuse(one, longName(one) ?? broken)),
  };
}

function isMessage(value: unknown): boolean {
  try {
    parseJSONRPCMessage(value);
    return true;
  } catch {
    return false;
  }
}

const broken =
  "This is no request of JSON-RPC 2.0: it has jsonrpc, id, method, and params that are an object.";
export const tooMany = `A batch may have ${maxInBatch} messages at most. Send the others in requests of their own.`;

/** @see JSON-RPC 2.0 §5 (an id that cannot be read is null) */
function refuse(value: unknown, message: string): object[] {
  if (typeof value !== "object" || value === null || !("id" in value) || isJSONRPCResponse(value)) return [];
  const id = typeof value.id === "string" || typeof value.id === "number" ? value.id : null;
  return [{ jsonrpc: "2.0", id, error: { code: ProtocolErrorCode.InvalidRequest, message } }];
}

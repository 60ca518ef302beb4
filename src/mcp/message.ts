import { isJSONRPCResponse, ProtocolErrorCode, parseJSONRPCMessage } from "@modelcontextprotocol/server";
import { beginningOf, isLongerThan } from "#core/characters.js";
import { meant } from "#core/lenient.js";

/** The parts that requests share. Lists have a cursor, tools and prompts have arguments. */
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

/** A message, or each of a batch, as its client meant it: some write null for parts that they leave out. */
export function meantMessage(value: unknown): unknown {
  return Array.isArray(value) ? value.map((one) => meant(message, one)) : meant(message, value);
}

/** Characters of a name or address in a message. Errors repeat longer ones, and the SDK fails to match them. */
export const maxNameLength = 8_192;

/** Why a message, or one of a batch, names something too long: a method, a tool, a resource, a cursor. */
export function longName(value: unknown): string | undefined {
  for (const { method, params } of [value].flat().filter(isObject)) {
    // Some clients write the arguments, which name nothing and may be long, as text.
    const { arguments: _, ...named } = isObject(params) ? params : {};
    const texts = Object.entries(named).map(([name, text]) => [`params.${name}`, text]);
    for (const [at, text] of [["method", method], ...texts])
      if (typeof text === "string" && isLongerThan(text, maxNameLength))
        return `The message has over ${maxNameLength} characters in ${beginningOf(String(at), 50)}.`;
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** The messages of one body or line, and replies to those that cannot be read. */
export interface Incoming {
  /** To be read, each a message. */
  messages: unknown[];
  /** Replies to send at once: a request that cannot be read is answered nevertheless, by its id. */
  replies: object[];
}

/** Takes a JSON value apart into messages of the protocol. A part that is no message and has no id is left out. */
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

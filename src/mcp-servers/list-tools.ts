import type { Client } from "@modelcontextprotocol/client";
import { badRequest, SkillettError } from "#core/errors.js";
import { isObject } from "#core/json-object.js";
import {
  type About,
  anyResult,
  BrokenOff,
  type ConverseDeps,
  converse,
  noTimeout,
} from "#mcp-servers/converse.js";
import { listLimits } from "#mcp-servers/list-limits.js";
import type { ListedTool } from "#mcp-servers/pin.js";
import type { Wire } from "#mcp-servers/wire.js";
import type { AnswerHead } from "#upstream/send.js";

export interface ServerTools {
  tools: ListedTool[];
  /** Sentences about tools that cannot be taken. */
  leftOut: string[];
  /** The server's own name and words about itself; empty where it says none. */
  name: string;
  instructions: string;
}

/** The tools of a server, or the answer of one that wants another credential first. */
export type Listed = ServerTools | { challenge: AnswerHead };

export type ListTools = (about: Omit<About, "repeating">) => Promise<Listed>;

/**
 * Reads all tools of a server, page by page.
 *
 * @throws SkillettError `upstream_unreachable` or `upstream_timeout`; `bad_request` when it is no MCP server, or has more
 *   than may be read
 */
export function createListTools(deps: ConverseDeps): ListTools {
  return async (about) => {
    try {
      return await converse(deps, { ...about, repeating: "harmless" }, async (client) => {
        const { name = "", title = name } = client.getServerVersion() ?? {};
        return { ...(await allPages(client)), name: title, instructions: client.getInstructions() ?? "" };
      });
    } catch (thrown) {
      if (!(thrown instanceof BrokenOff)) throw thrown;
      const { wire, cause: error } = thrown;
      const head = wire.refusal()?.head;
      if (head && [401, 403].includes(head.status)) return { challenge: head };
      throw error instanceof SkillettError ? error : notSpoken(error, wire, about.server.service);
    }
  };
}

/** @throws SkillettError `bad_request` when there is more than may be read, or no list */
export async function allPages(client: Client): Promise<Pick<ServerTools, "tools" | "leftOut">> {
  const found: Pick<ServerTools, "tools" | "leftOut"> = { tools: [], leftOut: [] };
  const names = new Set<string>();
  let bytes = 0;
  let cursor: string | undefined;
  for (let page = 0; page < listLimits.pages; page++) {
    const request = { method: "tools/list", params: cursor === undefined ? {} : { cursor } };
    const result = (await client.request(request, anyResult, noTimeout)) as {
      tools?: unknown;
      nextCursor?: unknown;
    };
    if (!Array.isArray(result.tools)) throw badRequest([issue("gives no list of tools")]);
    for (const tool of result.tools) bytes += take(tool, names, found);
    if (bytes > listLimits.bytes) {
      throw badRequest([issue(`describes its tools in more than ${listLimits.bytes / 1024 / 1024} MiB`)]);
    }
    if (found.tools.length > listLimits.tools) {
      throw badRequest([issue(`has more than ${listLimits.tools} tools, which is the most that is taken`)]);
    }
    if (typeof result.nextCursor !== "string") return found;
    cursor = result.nextCursor;
  }
  throw badRequest([
    issue(`has more than ${listLimits.pages} pages of tools, which is the most that is read`),
  ]);
}

const issue = (message: string) => ({ at: "url", message });
const maxSentences = 50;

/** @returns characters of its description */
function take(
  tool: unknown,
  names: Set<string>,
  { tools, leftOut }: Pick<ServerTools, "tools" | "leftOut">,
): number {
  const leaveOut = (name: string, why: string) => {
    if (leftOut.length < maxSentences) leftOut.push(`The tool ${JSON.stringify(name)} ${why}.`);
    return 0;
  };
  if (!isTool(tool)) return leaveOut("", "is described in a way that MCP does not have");
  const { name } = tool;
  const shown = name.slice(0, 80).toWellFormed();
  if (name === "" || name.length > 256 || /\p{Cc}|\p{Cs}/u.test(name)) {
    return leaveOut(shown, "has a name that cannot be sent");
  }
  if (names.has(name)) return leaveOut(shown, "is there twice, and the first is taken");
  const size = JSON.stringify(tool).length;
  if (size > listLimits.toolBytes) {
    return leaveOut(shown, `is described by more than ${listLimits.toolBytes / 1024} KiB`);
  }
  names.add(name);
  const { title, description, inputSchema, outputSchema, annotations } = tool;
  tools.push({ name, title, description, inputSchema, outputSchema, annotations });
  return size;
}

function isTool(value: unknown): value is ListedTool {
  if (!isObject(value) || typeof value.name !== "string" || !isObject(value.inputSchema)) return false;
  const texts = [value.title, value.description].filter((it) => it !== undefined);
  const objects = [value.outputSchema, value.annotations].filter((it) => it !== undefined);
  return texts.every((it) => typeof it === "string") && objects.every(isObject);
}

/** The server was reached, and does not speak as it should. Its own words might repeat the credential. */
function notSpoken(error: unknown, wire: Wire, service: string): SkillettError {
  const status = wire.refusal()?.head.status;
  const how = status === undefined ? "has no answer of that protocol" : `answers ${status}`;
  if (status !== undefined && status >= 500) {
    return new SkillettError("upstream_unreachable", { message: `${service} ${how}.`, cause: error });
  }
  return badRequest([issue(`is no MCP server over Streamable HTTP: it ${how}`)]);
}

import { setMaxListeners } from "node:events";
import type { Readable, Writable } from "node:stream";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import type { Profiled } from "#cli/command-parts.js";
import { createBridge } from "#cli/mcp/backend.js";
import { createLineReader } from "#cli/mcp/lines.js";
import { connectTo } from "#cli/server/session.js";
import { loadSettings } from "#cli/server/settings.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { quoted } from "#cli/terminal/shell-words.js";
import { userAgents } from "#core/face.js";
import { createMcpServer } from "#mcp/server.js";

/** More than a server takes, so that a message that is too large gets an answer and does not end the session. */
const maxBufferSize = 16 * 1024 * 1024;

/**
 * `skillett mcp`: MCP of all versions on stdin and stdout, until stdin ends or a signal ends the process. The bridge
 * between client and server keeps no state, so while the server is down only the calls of that time fail.
 */
export async function serveMcp({ profile }: Profiled, host: Host): Promise<void> {
  const settings = () => loadSettings(host.env, profile);
  const ended = new AbortController();
  // Each call under way listens.
  setMaxListeners(0, ended.signal);
  const backend = createBridge({
    connect: () => connectTo(settings(), undefined, false, userAgents.mcp),
    signal: ended.signal,
    doctor: profile ? `skillett doctor --profile ${quoted(profile)}` : "skillett doctor",
    onError: (error) => note(host, error),
  });
  const lines = createLineReader(maxBufferSize, (line) => host.stdout.write(line));
  const stdin = host.stdin() as Readable;
  stdin.on("error", (error) => lines.destroy(error)).pipe(lines);
  const transport = new StdioServerTransport(lines, host.stdout as Writable, { maxBufferSize });
  const server = serveStdio(() => createMcpServer(backend), {
    transport,
    onerror: (error) => note(host, error),
  });
  const closed = closingOf(transport);
  host.ended().addEventListener("abort", () => void server.close(), { once: true });
  if (host.stderr.isTTY) host.stderr.write(`${greeting(settings)}\n`);
  await closed;
  // An open stdin that is read from would keep the process alive.
  stdin.unpipe(lines).pause();
  ended.abort();
}

/** Resolves when the transport has closed; a listener that is there already is still called. */
function closingOf(transport: StdioServerTransport): Promise<void> {
  return new Promise((resolve) => {
    const { onclose } = transport;
    transport.onclose = () => {
      onclose?.();
      resolve();
    };
  });
}

function greeting(settings: () => { url: string; source: string }): string {
  try {
    const { url, source } = settings();
    return `Speaking MCP on stdin and stdout for ${url} (${source}); Ctrl-D ends it.`;
  } catch (error) {
    if (error instanceof UsageError)
      return `Speaking MCP on stdin and stdout; Ctrl-D ends it. ${error.message}`;
    throw error;
  }
}

/** One line, without what a client sent: that may hold secrets. */
function note(host: Host, error: unknown): void {
  const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
  const [line = ""] = message.split("\n", 1);
  const what = name.includes("Zod") ? "a line that is no JSON-RPC message was passed over" : line;
  host.stderr.write(`skillett mcp: ${what}\n`);
}

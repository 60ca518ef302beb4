import { resolve } from "node:path";
import { UsageError } from "#cli/failure.js";
import { type Host, paint } from "#cli/host.js";
import { warn } from "#cli/report.js";
import { loadSettings } from "#cli/settings.js";
import { quoted } from "#cli/shell-words.js";

/** A server as clients start it; `env` is added to what they give it. */
interface Started {
  command: string;
  args: string[];
  env?: Record<string, string>;
}

interface Client {
  /** The key that servers stand under. */
  servers: "mcpServers" | "servers";
  started(server: Started): object;
  /** A server that is there already. */
  remote(url: string): object;
  /** Where the JSON belongs. */
  places: readonly string[];
}

const clients = {
  claude: {
    servers: "mcpServers",
    started: (server) => server,
    remote: (url) => ({ type: "http", url }),
    places: [
      "Claude Code: .mcp.json in the project",
      "Claude Desktop: claude_desktop_config.json (Settings > Developer > Edit Config)",
    ],
  },
  cursor: {
    servers: "mcpServers",
    started: (server) => server,
    remote: (url) => ({ url }),
    places: ["Cursor: ~/.cursor/mcp.json, or .cursor/mcp.json in the project"],
  },
  windsurf: {
    servers: "mcpServers",
    started: (server) => server,
    remote: (serverUrl) => ({ serverUrl }),
    places: ["Windsurf: ~/.codeium/windsurf/mcp_config.json"],
  },
  vscode: {
    servers: "servers",
    started: (server) => ({ type: "stdio", ...server }),
    remote: (url) => ({ type: "http", url }),
    places: ["VS Code: .vscode/mcp.json in the project"],
  },
} as const satisfies Record<string, Client>;

export type McpClient = keyof typeof clients;
export const mcpClientNames = Object.keys(clients) as McpClient[];

export function isMcpClient(name: string): name is McpClient {
  return Object.hasOwn(clients, name);
}

/** The JSON on stdout, where to put it on stderr. It holds no key: the login is read when it is used. */
export function printMcpConfig(
  name: McpClient,
  options: { profile?: string; http: boolean },
  host: Host,
): void {
  const client: Client = clients[name];
  const { entry, add } = options.http ? remote(client, options, host) : started(client, options, host);
  const config = { [client.servers]: { skillett: entry } };
  host.stdout.write(`${JSON.stringify(config, null, 2)}\n`);
  const places = client.places.map((place) => `  ${place}\n`).join("");
  host.stderr.write(`Add it to:\n${places}`);
  if (name === "claude") host.stderr.write(`Or run:\n  ${paint(host, "cyan", `claude mcp add ${add}`)}\n`);
}

function remote(client: Client, { profile }: { profile?: string }, host: Host) {
  const url = `${loadSettings(host.env, profile).url}/mcp`;
  return { entry: client.remote(url), add: `--transport http skillett ${quoted(url)}` };
}

function started(client: Client, { profile }: { profile?: string }, host: Host) {
  const { SKILLETT_CONFIG_FILE: file, SKILLETT_PROFILE } = host.env;
  const used = profile || SKILLETT_PROFILE;
  const env = file ? { SKILLETT_CONFIG_FILE: resolve(host.directory ?? ".", file) } : undefined;
  warnWithoutLogin(env, used, host);
  const [command, ...args] = commandOf(host.program);
  const words = [...args, "mcp", ...(used ? ["--profile", used] : [])];
  const entry = client.started({ command, args: words, ...(env ? { env } : {}) });
  const settings = env ? `-e ${quoted(`SKILLETT_CONFIG_FILE=${env.SKILLETT_CONFIG_FILE}`)} ` : "";
  return { entry, add: `skillett ${settings}-- ${[command, ...words].map(quoted).join(" ")}` };
}

/**
 * By whole paths: clients that were not started from a shell do not know its PATH. What npx unpacked is gone
 * one day, so npx is asked again.
 */
function commandOf(program: Host["program"]): Host["program"] {
  return program.some((word) => /[\\/]_npx[\\/]/.test(word)) ? ["npx", "-y", "skillett"] : program;
}

/** The client knows neither SKILLETT_URL nor SKILLETT_API_KEY: it needs a login in the config file. */
function warnWithoutLogin(
  env: Record<string, string> | undefined,
  profile: string | undefined,
  host: Host,
): void {
  try {
    loadSettings(env ?? {}, profile);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const [next] = error.next;
    warn(host, `There is no login for it yet: ${error.message}${next ? ` Run \`${next}\`.` : ""}`);
  }
}

import { resolve } from "node:path";
import { type ClientName, clientNames, clientOf } from "#cli/agent-clients/clients.js";
import type { McpFile } from "#cli/agent-clients/mcp-entries.js";
import { toToml, toYaml } from "#cli/mcp/config-text.js";
import { loadSettings } from "#cli/server/settings.js";
import { UsageError } from "#cli/terminal/failure.js";
import { type Host, paint } from "#cli/terminal/host.js";
import { warn } from "#cli/terminal/report.js";
import { quoted } from "#cli/terminal/shell-words.js";
import { packageName } from "#core/version.js";

const mcpFiles = Object.fromEntries(
  clientNames.flatMap((name) => {
    const { mcp } = clientOf(name);
    return mcp ? [[name, mcp]] : [];
  }),
) as Partial<Record<ClientName, McpFile>>;

export type McpClient = Exclude<ClientName, "agents">;
export const mcpClientNames = Object.keys(mcpFiles) as McpClient[];

export function isMcpClient(name: string): name is McpClient {
  return Object.hasOwn(mcpFiles, name);
}

/** The configuration on stdout, where to put it on stderr. It holds no key: the login is read when it is used. */
export function printMcpConfig(
  name: McpClient,
  options: { profile?: string; http: boolean },
  host: Host,
): void {
  const file = mcpFiles[name]!;
  const { entry, add } = options.http ? remote(file, options, host) : started(file, options, host);
  host.stdout.write(textOf(file, entry));
  const places = file.files.map((place) => `  ${place}\n`).join("");
  host.stderr.write(`Add it for ${clientOf(name).title} to:\n${places}`);
  if (file.note) host.stderr.write(`${file.note}\n`);
  if (add) host.stderr.write(`Or run:\n  ${paint(host, "cyan", add)}\n`);
}

function textOf({ keys, format }: McpFile, entry: object): string {
  const config = keys.reduceRight<object>((inner, key) => ({ [key]: inner }), { skillett: entry });
  if (format === "toml") return toToml(config);
  return format === "yaml" ? toYaml(config) : `${JSON.stringify(config, null, 2)}\n`;
}

/** @throws UsageError when the client's file takes no address */
function remote(file: McpFile, { profile }: { profile?: string }, host: Host) {
  const url = `${loadSettings(host.env, profile).url}/mcp`;
  if (typeof file.remote === "string") throw new UsageError(`${file.remote}: ${url}`);
  return { entry: file.remote(url), add: file.command?.remote(quoted(url)) };
}

function started(file: McpFile, { profile }: { profile?: string }, host: Host) {
  const { SKILLETT_CONFIG_FILE: path, SKILLETT_PROFILE } = host.env;
  const used = profile || SKILLETT_PROFILE;
  const env = path ? { SKILLETT_CONFIG_FILE: resolve(host.directory ?? ".", path) } : undefined;
  warnWithoutLogin(env, used, host);
  const [command, ...args] = commandOf(host.program);
  const serverArgs = [...args, "mcp", ...(used ? ["--profile", used] : [])];
  const entry = file.started({ command, args: serverArgs, ...(env ? { env } : {}) });
  const settings = env ? ` ${quoted(`SKILLETT_CONFIG_FILE=${env.SKILLETT_CONFIG_FILE}`)}` : "";
  return { entry, add: file.command?.started([command, ...serverArgs].map(quoted).join(" "), settings) };
}

/**
 * By whole paths, since clients that were not started from a shell do not know its PATH. npx deletes its folders at
 * some time, so npx itself is the command there.
 */
function commandOf(program: Host["program"]): Host["program"] {
  return program.some((word) => /[\\/]_npx[\\/]/.test(word)) ? ["npx", "-y", packageName] : program;
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

/** A server as clients start it; `env` is added to the environment that they give it. */
export interface Started {
  command: string;
  args: string[];
  env?: Record<string, string>;
}

/** The file in which a client lists MCP servers, and its format. */
export interface McpFile {
  /** Files that it belongs into, as a person reads them; the first is the one to prefer. */
  files: readonly [string, ...string[]];
  /** Keys that lead to the servers by name, outermost first. A key may have a dot in it. */
  keys: readonly [string, ...string[]];
  /** JSON when left out. */
  format?: "toml" | "yaml";
  /** The entry of a server that the client starts. */
  started(server: Started): object;
  /** The entry of one that is there already; a text tells how, where the file takes none. */
  remote: ((url: string) => object) | string;
  /** The client's own command that writes the entry. */
  command?: AddCommand;
  /** A sentence for the person, beside the entry. */
  note?: string;
}

interface AddCommand {
  /** @param settings of the environment, a space and NAME=value, or "" */
  started(command: string, settings: string): string;
  remote(url: string): string;
}

/** Commands of clients that add a server. */
export const commands = {
  claude: {
    started: (command, settings) => `claude mcp add skillett${settings && ` -e${settings}`} -- ${command}`,
    remote: (url) => `claude mcp add --transport http skillett ${url}`,
  },
  codex: {
    started: (command, settings) => `codex mcp add skillett${settings && ` --env${settings}`} -- ${command}`,
    remote: (url) => `codex mcp add skillett --url ${url}`,
  },
} as const satisfies Record<string, AddCommand>;

type Entry = Pick<McpFile, "started"> & { remote(url: string): object };

/** The shapes that entries of a server have. */
export const entries = {
  plain: { started: (server) => server, remote: (url) => ({ url }) },
  typed: { started: (server) => server, remote: (url) => ({ type: "http", url }) },
  cline: { started: (server) => server, remote: (url) => ({ type: "streamableHttp", url }) },
  windsurf: { started: (server) => server, remote: (serverUrl) => ({ serverUrl }) },
  vscode: {
    started: (server) => ({ type: "stdio", ...server }),
    remote: (url) => ({ type: "http", url }),
  },
  opencode: {
    started: ({ command, args, env }) => ({
      type: "local",
      command: [command, ...args],
      ...(env ? { environment: env } : {}),
    }),
    remote: (url) => ({ type: "remote", url }),
  },
  goose: {
    started: ({ command: cmd, args, env }) => ({
      ...{ name: "skillett", type: "stdio", enabled: true, cmd, args },
      ...(env ? { envs: env } : {}),
    }),
    remote: (uri) => ({ name: "skillett", type: "streamable_http", enabled: true, uri }),
  },
} as const satisfies Record<string, Entry>;

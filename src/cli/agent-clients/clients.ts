import { commands, entries, type McpFile } from "#cli/agent-clients/mcp-entries.js";

/**
 * A client of agents, and where it keeps what. The one table that pull, init, `mcp --print-config` and the docs read.
 */
export interface AgentClient {
  title: string;
  /** Files or folders that tell it is in use: within a project, and within the home folder. */
  found: { project: readonly string[]; home: readonly string[] };
  /** Where it reads skills; null when it reads no folder. */
  skills: SkillFolders | null;
  /** File in which its MCP servers are listed; null for an entry that is a convention and no client. */
  mcp: McpFile | null;
  /** Address of the document that this is from: the vendor's, or the best there is. */
  source: string;
}

interface SkillFolders {
  /** Within a project, "/" between its parts. */
  project: string;
  /** Within the home folder. */
  user: string;
  /** Variable of the environment that moves the user's folder elsewhere. */
  movedBy?: string;
}

/** The folder that the Agent Skills format suggests for every client. */
const shared: SkillFolders = { project: ".agents/skills", user: ".agents/skills" };

/** In alphabetical order, but for the convention, which comes last. */
export const clients = {
  amp: {
    title: "Amp",
    found: { project: [".amp"], home: [".config/amp"] },
    skills: { project: ".agents/skills", user: ".config/agents/skills" },
    mcp: {
      files: ["~/.config/amp/settings.json", ".amp/settings.json in the project"],
      keys: ["amp.mcpServers"],
      ...entries.plain,
    },
    source: "https://ampcode.com/manual",
  },
  claude: {
    title: "Claude Code",
    found: { project: [".claude"], home: [".claude"] },
    skills: { project: ".claude/skills", user: ".claude/skills", movedBy: "CLAUDE_CONFIG_DIR" },
    mcp: {
      files: [".mcp.json in the project", "~/.claude.json"],
      keys: ["mcpServers"],
      ...entries.typed,
      command: commands.claude,
    },
    source: "https://code.claude.com/docs/en/mcp",
  },
  "claude-desktop": {
    title: "Claude Desktop",
    found: { project: [], home: [] },
    skills: null,
    mcp: {
      files: ["claude_desktop_config.json (Settings > Developer > Edit Config)"],
      keys: ["mcpServers"],
      started: entries.plain.started,
      remote: "Claude Desktop takes the address of a server by Customize > Connectors > Add custom connector",
    },
    source: "https://support.claude.com/en/articles/11503834",
  },
  cline: {
    title: "Cline",
    found: { project: [".cline", ".clinerules"], home: [".cline"] },
    skills: shared,
    mcp: {
      files: ["~/.cline/data/settings/cline_mcp_settings.json"],
      keys: ["mcpServers"],
      ...entries.cline,
    },
    source: "https://docs.cline.bot/customization/skills",
  },
  codex: {
    title: "Codex",
    found: { project: [".codex"], home: [".codex"] },
    skills: shared,
    mcp: {
      files: ["~/.codex/config.toml", ".codex/config.toml in a project that is trusted"],
      keys: ["mcp_servers"],
      format: "toml",
      ...entries.plain,
      command: commands.codex,
    },
    source: "https://developers.openai.com/codex/mcp",
  },
  cursor: {
    title: "Cursor",
    found: { project: [".cursor"], home: [".cursor"] },
    skills: shared,
    mcp: {
      files: ["~/.cursor/mcp.json", ".cursor/mcp.json in the project"],
      keys: ["mcpServers"],
      ...entries.plain,
    },
    source: "https://cursor.com/docs/skills",
  },
  gemini: {
    title: "Gemini CLI",
    found: { project: [".gemini"], home: [".gemini"] },
    skills: shared,
    mcp: {
      files: ["~/.gemini/settings.json", ".gemini/settings.json in the project"],
      keys: ["mcpServers"],
      ...entries.typed,
    },
    source: "https://github.com/google-gemini/gemini-cli/blob/main/docs/tools/mcp-server.md",
  },
  goose: {
    title: "Goose",
    found: { project: [".goose"], home: [".config/goose"] },
    skills: shared,
    mcp: {
      files: ["~/.config/goose/config.yaml"],
      keys: ["extensions"],
      format: "yaml",
      ...entries.goose,
    },
    source: "https://goose-docs.ai/docs/guides/config-files",
  },
  junie: {
    title: "Junie",
    found: { project: [".junie"], home: [".junie"] },
    skills: { project: ".junie/skills", user: ".junie/skills" },
    mcp: {
      files: [".junie/mcp/mcp.json in the project", "~/.junie/mcp/mcp.json"],
      keys: ["mcpServers"],
      ...entries.plain,
    },
    source: "https://junie.jetbrains.com/docs",
  },
  kiro: {
    title: "Kiro",
    found: { project: [".kiro"], home: [".kiro"] },
    skills: { project: ".kiro/skills", user: ".kiro/skills" },
    mcp: {
      files: ["~/.kiro/settings/mcp.json", ".kiro/settings/mcp.json in the project"],
      keys: ["mcpServers"],
      ...entries.plain,
      note: "Kiro takes https addresses alone, but for localhost.",
    },
    source: "https://kiro.dev/docs/skills",
  },
  opencode: {
    title: "opencode",
    found: { project: [".opencode", "opencode.json", "opencode.jsonc"], home: [".config/opencode"] },
    skills: shared,
    mcp: {
      files: ["opencode.json in the project", "~/.config/opencode/opencode.json"],
      keys: ["mcp"],
      ...entries.opencode,
      note: "Version 2 reads this as well; its own form has the servers under mcp.servers.",
    },
    source: "https://opencode.ai/docs/mcp-servers",
  },
  vscode: {
    title: "VS Code (Copilot)",
    found: {
      project: [".vscode/mcp.json", ".github/skills", ".github/copilot-instructions.md"],
      home: [".copilot"],
    },
    skills: shared,
    mcp: {
      files: [".vscode/mcp.json in the project"],
      keys: ["servers"],
      ...entries.vscode,
      note: "Copilot CLI and Copilot's own agent read .mcp.json in the project: --print-config claude.",
    },
    source: "https://code.visualstudio.com/docs/agent-customization/agent-skills",
  },
  windsurf: {
    title: "Windsurf (Devin Desktop)",
    found: { project: [".windsurf"], home: [".codeium/windsurf", ".config/devin"] },
    skills: shared,
    mcp: {
      files: [
        "~/.codeium/windsurf/mcp_config.json",
        "~/.config/devin/mcp_config.json since it is Devin Desktop",
      ],
      keys: ["mcpServers"],
      ...entries.windsurf,
      note: "Devin Desktop reads `url` where Windsurf read `serverUrl`.",
    },
    source: "https://docs.windsurf.com/windsurf/cascade/skills",
  },
  zed: {
    title: "Zed",
    found: { project: [".zed"], home: [".config/zed"] },
    skills: shared,
    mcp: {
      files: ["~/.config/zed/settings.json", "%APPDATA%\\Zed\\settings.json on Windows"],
      keys: ["context_servers"],
      ...entries.plain,
    },
    source: "https://zed.dev/docs/ai/skills",
  },
  agents: {
    title: "every client that reads .agents/skills",
    found: { project: [".agents"], home: [".agents"] },
    skills: shared,
    mcp: null,
    source: "https://agentskills.io/client-implementation/adding-skills-support",
  },
} as const satisfies Record<string, AgentClient>;

export type ClientName = keyof typeof clients;
export const clientNames = Object.keys(clients) as ClientName[];

export const clientOf = (name: ClientName): AgentClient => clients[name];

/** Folders that versions before this table wrote skills to, and that their clients do not read. */
export const unreadFolders: Readonly<Record<string, ClientName>> = {
  ".cursor/rules": "cursor",
  ".windsurf/rules": "windsurf",
};

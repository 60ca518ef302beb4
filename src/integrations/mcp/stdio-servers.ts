import type { Integration } from "#catalog/integration.js";
import { type StdioIntegration, toStdioIntegration } from "#integrations/mcp/stdio-integration.js";
import type { StdioCommand } from "#mcp-servers/stdio/command.js";
import type { StdioTools } from "#mcp-servers/stdio/connection.js";
import type { TakenTool, TakenTools } from "#mcp-servers/stdio/pins.js";

/** The integrations of MCP servers that the operator has named, as they are now. */
export interface StdioServers {
  integrations(): Integration[];
  /** The server has these tools now. The first that it ever had are taken. */
  listed(slug: string, tools: StdioTools): void;
  /** Takes all tools as they were told of last; what a server has become since is held as before. */
  take(): void;
}

interface Deps {
  commands: readonly StdioCommand[];
  taken: TakenTools;
  /** The integrations are others now. */
  onChange: () => void;
  /** Endpoints that are held, when they were not before. */
  onHeld: (slug: string, endpoints: { new: string[]; changed: string[] }) => void;
  onTaken: (slug: string, endpoints: number, notes: readonly string[]) => void;
}

interface State {
  command: StdioCommand;
  taken: TakenTool[] | null;
  listed: StdioTools | undefined;
  made: StdioIntegration;
}

/** @throws StartupError for a file of pins that was changed */
export function createStdioServers({
  commands,
  taken: files,
  onChange,
  onHeld,
  onTaken,
}: Deps): StdioServers {
  const states = new Map(
    commands.map((command): [string, State] => {
      const taken = files.read(command.slug);
      const made = toStdioIntegration(command, taken ?? [], undefined);
      return [command.slug, { command, taken, listed: undefined, made }];
    }),
  );

  function take(state: State): void {
    const { offered, notes } = state.made;
    if (offered === null) return;
    const { slug } = state.command;
    files.write(slug, offered);
    state.taken = offered;
    state.made = toStdioIntegration(state.command, state.taken, state.listed);
    onTaken(slug, offered.length, notes);
  }

  return {
    integrations: () => [...states.values()].map(({ made }) => made.integration),
    listed(slug, tools) {
      const state = states.get(slug)!;
      // Every start of a process comes by here, and mostly nothing is different.
      if (state.listed && JSON.stringify(state.listed) === JSON.stringify(tools)) return;
      const before = heldOf(state.made);
      state.listed = tools;
      state.made = toStdioIntegration(state.command, state.taken, tools);
      if (state.taken === null) take(state);
      const held = heldOf(state.made);
      if (held.size > 0 && JSON.stringify([...held]) !== JSON.stringify([...before])) {
        const of = (reason: string) => [...held].flatMap(([name, why]) => (why === reason ? [name] : []));
        onHeld(slug, { new: of("new"), changed: of("changed") });
      }
      onChange();
    },
    take() {
      for (const state of states.values()) if (heldOf(state.made).size > 0) take(state);
    },
  };
}

const heldOf = ({ integration: { held } }: StdioIntegration) =>
  new Map([...(held ?? [])].map(([name, { reason }]) => [name, reason]));

import { type Command, InvalidArgumentError, Option } from "commander";
import { examples, type Profiled, profiled } from "#cli/command-parts.js";
import { isMcpClient, type McpClient, mcpClientNames, printMcpConfig } from "#cli/mcp/config.js";
import type { Host } from "#cli/terminal/host.js";
import { didYouMean } from "#core/suggest.js";

interface McpOptions extends Profiled {
  printConfig?: McpClient;
  http?: true;
}

export function addMcp(program: Command, host: Host): void {
  profiled(program.command("mcp"))
    .summary("Speak MCP on stdin and stdout")
    .description(
      "Serve skills and integrations to an MCP client, which starts this command. It uses the stored login.",
    )
    .addOption(
      new Option("--print-config <client>", "print what the client's configuration needs, and end")
        .choices(mcpClientNames)
        .argParser(client),
    )
    .addOption(new Option("--http", "with --print-config: without this command, by the server's own address"))
    .addHelpText(
      "after",
      examples(
        "skillett mcp --print-config claude > .mcp.json",
        "skillett mcp --print-config vscode --profile work",
        "skillett mcp",
      ),
    )
    .action(async ({ printConfig, http, ...options }: McpOptions, command: Command) => {
      if (printConfig) return printMcpConfig(printConfig, { ...options, http: http ?? false }, host);
      if (http) command.error("error: --http goes with --print-config.");
      const { serveMcp } = await import("#cli/mcp/mcp.js");
      await serveMcp(options, host);
    });
}

function client(text: string): McpClient {
  if (isMcpClient(text)) return text;
  throw new InvalidArgumentError(
    `${didYouMean(text, mcpClientNames)} There are ${mcpClientNames.join(", ")}.`.trim(),
  );
}

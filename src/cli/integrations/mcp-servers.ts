import type { Command } from "commander";
import { examples, type Profiled, profiled } from "#cli/command-parts.js";
import { readCredentials } from "#cli/connect/credential-input.js";
import { openSession } from "#cli/server/session.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { printJson } from "#cli/terminal/output.js";

interface AddOptions extends Profiled {
  slug?: string;
  name?: string;
  /** `name: value`. */
  header?: string[];
  /** `-` is stdin, `true` is the flag alone. Anything else is a SECRET in the wrong place. */
  token?: string | boolean;
}

/** Commands for MCP servers, within those for integrations. */
export function addMcpServers(group: Command, host: Host): void {
  profiled(group.command("add-mcp"))
    .description(
      "Add an MCP server: its tools become endpoints. Those that do more than read are off until you switch them on.",
    )
    .argument("<url>", "of the server")
    .option("--slug <slug>", "name of the integration; without it, made of the host")
    .option("--name <name>", "as people know it; without it, the server's own")
    .option("--header <name:value>", "header of each request, no secret; {token} stands for the key", collect)
    .option("--token [-]", "read your key there from stdin, connect it and read the tools with it")
    .addHelpText(
      "after",
      examples(
        "skillett integrations add-mcp https://mcp.acme.example/mcp",
        "skillett integrations add-mcp https://mcp.acme.example/mcp --token - < token.txt",
        "skillett integrations add-mcp https://mcp.acme.example/mcp --header 'x-api-key: {token}'",
      ),
    )
    .action((url: string, options: AddOptions) => addMcp(url, options, host));
  profiled(group.command("refresh"))
    .description(
      "Read the tools of an MCP server anew, with your account there. What is new or changed is off.",
    )
    .argument("<integration>", "such as acme")
    .action(async (slug: string, options: Profiled) => {
      const { client, signal } = openSession(host, options.profile);
      await printJson(host, await client.refreshMcpServer({ params: { integration: slug }, signal }));
    });
}

/** `skillett integrations add-mcp <url>` */
async function addMcp(url: string, options: AddOptions, host: Host): Promise<void> {
  const { slug, name, header = [], token } = options;
  const headers = Object.fromEntries(header.map(readHeader));
  const credentials = await readCredentials(slug ?? "<integration>", { token }, host);
  const { client, signal } = openSession(host, options.profile);
  const body = { url, slug, name, ...(header.length > 0 && { headers }) };
  const added = await client.addMcpServer({ body, signal });
  if (!credentials) return printJson(host, added);
  const { integration } = added;
  await client.connect({ body: { integration, credentials }, signal });
  await printJson(host, await client.refreshMcpServer({ params: { integration }, signal }));
}

const collect = (text: string, before: string[] = []) => [...before, text];

function readHeader(text: string): [string, string] {
  const [, name, value] = /^([^:\s]+):\s*(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new UsageError("--header wants a name and a value, such as --header 'x-api-key: {token}'.");
  return [name, value.trim()];
}

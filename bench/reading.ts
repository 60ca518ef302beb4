import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Client } from "@modelcontextprotocol/client";
import { countTokens } from "gpt-tokenizer";
import { skillettProgram } from "./contestants.js";

const endpoints = [
  ["github", "create_issue"],
  ["github", "get_workflow_run"],
  ["gmail", "send_email"],
  ["google-calendar", "create_event"],
  ["slack", "list_channels"],
] as const;
const integrations = ["github", "gmail", "google-calendar", "slack"];

/** Tokens of what an agent reads before a call: by MCP, and by the command line into a pipe. */
export async function measureReading(client: Client, env: Record<string, string>) {
  const describe = async (args: Record<string, string>) => {
    const { content } = await client.callTool({ name: "integration_describe", arguments: args });
    return countTokens((content as { text: string }[])[0]!.text);
  };
  const printed = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)(process.execPath, [skillettProgram, ...args], {
      env: { ...process.env, ...env },
    });
    return countTokens(stdout);
  };
  const rows: [name: string, describe: number, skills: number, help: number | undefined][] = [];
  for (const [integration, endpoint] of endpoints)
    rows.push([
      `${integration} ${endpoint}`,
      await describe({ integration, endpoint }),
      await printed("skills", integration, endpoint),
      await printed("run", integration, endpoint, "--help"),
    ]);
  for (const integration of integrations)
    rows.push([
      integration,
      await describe({ integration }),
      await printed("skills", integration),
      undefined,
    ]);
  return rows;
}

import { type Command, Option } from "commander";
import { clientNames } from "#cli/agent-clients/clients.js";

export function platformOption(): Option {
  return new Option("--platform <client>", "whose directory (of every client that is found)").choices(
    clientNames,
  );
}

/** Where skills are written to, and what of it is overwritten. */
export function withForce(command: Command, platform: Option): Command {
  return command
    .addOption(platform)
    .option("--user", "for all your projects: into the client's folder in your home folder")
    .option("--force", "overwrite and remove changed files too")
    .option("--dry-run", "only say what would be done");
}

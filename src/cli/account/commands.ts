import type { Command } from "commander";
import { addAgents } from "#cli/account/agents.js";
import { addKeys } from "#cli/account/keys.js";
import { addLogin } from "#cli/account/login.js";
import { addLogout } from "#cli/account/logout.js";
import { addProfiles } from "#cli/account/profiles.js";
import { addRequests } from "#cli/account/requests.js";
import { addWhoami } from "#cli/read-commands.js";
import type { Host } from "#cli/terminal/host.js";

/** Logging in, and what acts for a person on a server: keys, agents, requests. */
export function addAccount(program: Command, host: Host, exit: (code: number) => void): void {
  addLogin(program, host, exit);
  addLogout(program, host, exit);
  addWhoami(program, host);
  addProfiles(program, host);
  addKeys(program, host);
  addAgents(program, host);
  addRequests(program, host);
}

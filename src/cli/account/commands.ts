import type { Command } from "commander";
import { addAgents } from "#cli/account/agents.js";
import { addKeys } from "#cli/account/keys.js";
import { addLogin } from "#cli/account/login.js";
import { addLogout } from "#cli/account/logout.js";
import { addProfiles } from "#cli/account/profiles.js";
import { addRequests } from "#cli/account/requests.js";
import { addWhoami } from "#cli/read-commands.js";
import type { Host } from "#cli/terminal/host.js";

/** Who one is to a server, and what acts for one there. */
export function addAccount(program: Command, host: Host, exit: (code: number) => void): void {
  addLogin(program, host, exit);
  addLogout(program, host, exit);
  addWhoami(program, host);
  addProfiles(program, host);
  addKeys(program, host);
  addAgents(program, host);
  addRequests(program, host);
}

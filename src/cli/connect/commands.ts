import type { Command } from "commander";
import { addConnect } from "#cli/connect/connect.js";
import { addConnections, addDisconnect } from "#cli/connect/connections.js";
import type { Host } from "#cli/terminal/host.js";

/** Accounts at services. */
export function addConnecting(program: Command, host: Host, exit: (code: number) => void): void {
  addConnect(program, host, exit);
  addConnections(program, host);
  addDisconnect(program, host);
}

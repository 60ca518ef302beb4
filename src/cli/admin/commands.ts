import type { Command } from "commander";
import { addProviders } from "#cli/admin/providers.js";
import { addRevoke } from "#cli/admin/revoke.js";
import { addRotateKeys } from "#cli/admin/rotate-keys.js";
import { addPlan } from "#cli/admin/set-plan.js";
import type { Host } from "#cli/terminal/host.js";

/** For those who run the server. */
export function addAdmin(program: Command, host: Host, exit: (code: number) => void): void {
  const admin = program
    .command("admin")
    .summary("Look after the server: sign-in, plans, connections of everybody")
    .description("Look after the server. Your key must be allowed to.");
  addProviders(admin, host);
  addRevoke(admin, host, exit);
  addPlan(admin, host);
  addRotateKeys(admin, host, exit);
}

import type { Clock } from "#core/clock.js";
import { createInstallerAddresses, type InstallerAddresses } from "#identity/skill-addresses.js";
import type { Throttle } from "#identity/throttle.js";
import { createAgentRows } from "#store/agent-rows.js";
import type { Database } from "#store/engine/database.js";
import { createSkillAddressRows } from "#store/skill-address-rows.js";

interface Parts {
  database: Database;
  throttle: Throttle;
  clock: Clock;
}

/** Parts that serve programs which install skills and send no header. */
export function wireInstallers({ database, throttle, clock }: Parts): {
  installerAddresses: InstallerAddresses;
} {
  const [addresses, agents] = [createSkillAddressRows(database), createAgentRows(database)];
  return { installerAddresses: createInstallerAddresses({ addresses, agents, throttle, clock }) };
}

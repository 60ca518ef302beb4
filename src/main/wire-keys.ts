import type { Catalog } from "#catalog/catalog.js";
import type { Clock } from "#core/clock.js";
import type { IntegrationsOf } from "#core/scopes.js";
import { createDeviceLogin, type DeviceLogin } from "#identity/device-login.js";
import { createKeys, type Keys } from "#identity/keys.js";
import type { Throttle } from "#identity/throttle.js";
import { type AgentRows, createAgentRows } from "#store/agent-rows.js";
import type { ApiKeyRows } from "#store/api-key-rows.js";
import { createDeviceCodeRows, type DeviceCodeRows } from "#store/device-code-rows.js";
import type { Database } from "#store/engine/database.js";

interface Parts {
  database: Database;
  apiKeys: ApiKeyRows;
  shared: () => Catalog;
  integrationsOf: IntegrationsOf;
  throttle: Throttle;
  clock: Clock;
}

export interface KeyParts {
  keys: Keys;
  deviceLogin: DeviceLogin;
  deviceCodes: DeviceCodeRows;
  agentRows: AgentRows;
}

/** Keys, and the devices that get one. */
export function wireKeys({ database, shared, ...parts }: Parts): KeyParts {
  const [deviceCodes, agentRows] = [createDeviceCodeRows(database), createAgentRows(database)];
  return {
    deviceCodes,
    agentRows,
    deviceLogin: createDeviceLogin({ ...parts, deviceCodes, shared: () => shared().integrations }),
    keys: createKeys({ ...parts, agents: agentRows }),
  };
}

import { type AdminDeps, adminApi } from "#api/admin.js";
import { apiKeysApi } from "#api/api-keys.js";
import { type ConnectionsDeps, connectionsApi } from "#api/connections.js";
import { type DeviceDeps, deviceApi } from "#api/device.js";
import { type PeopleDeps, peopleApi } from "#api/people.js";
import { type SignInDeps, signInApi } from "#api/sign-in.js";
import { skillsApi } from "#api/skills.js";
import { type SystemDeps, systemApi } from "#api/system.js";
import { usageApi } from "#api/usage.js";
import type { Catalog } from "#catalog/catalog.js";
import type { Contract } from "#contract/contract.js";
import type { Api } from "#contract/route.js";
import type { Execute } from "#gateway/execute.js";
import type { Keys } from "#identity/keys.js";
import type { CallLog } from "#store/calls.js";

export interface ApiDeps extends ConnectionsDeps, SignInDeps, AdminDeps, SystemDeps, DeviceDeps, PeopleDeps {
  catalog: Catalog;
  execute: Execute;
  keys: Keys;
  calls: CallLog;
}

/** The contract, implemented. */
export function createApi(deps: ApiDeps): Api<Contract> {
  return {
    ...skillsApi(deps.catalog, deps.managing),
    ...connectionsApi(deps),
    ...signInApi(deps),
    ...apiKeysApi(deps.keys),
    ...usageApi(deps.calls, deps.clock),
    ...systemApi(deps),
    ...adminApi(deps),
    ...deviceApi(deps),
    ...peopleApi(deps),
    executeEndpoint: ({ caller, params, query, headers, body, signal }) =>
      deps.execute({
        caller,
        integration: params.integration,
        endpoint: params.endpoint,
        params: body.params ?? {},
        connection: body.connection,
        dryRun: query.dry_run ?? false,
        idempotencyKey: headers["idempotency-key"],
        signal,
      }),
  };
}

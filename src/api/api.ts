import { type AdminDeps, adminApi } from "#api/admin.js";
import { type AgentSkillsDeps, agentSkillsApi } from "#api/agent-skills.js";
import { type AgentsDeps, createAgentsApi } from "#api/agents.js";
import { apiKeysApi } from "#api/api-keys.js";
import { type AssignmentsDeps, createAssignmentsApi } from "#api/assignments.js";
import { type AuthorizationsDeps, authorizationsApi } from "#api/authorizations.js";
import { type ConnectionsDeps, connectionsApi } from "#api/connections.js";
import { deviceApi } from "#api/device.js";
import { type DeviceDeps, deviceGrantApi } from "#api/device-grant.js";
import { type ListingsDeps, listingsApi } from "#api/listings.js";
import { type PeopleDeps, peopleApi } from "#api/people.js";
import { type ResultsDeps, resultsApi } from "#api/results.js";
import { type SignInDeps, signInApi } from "#api/sign-in.js";
import { type SkillAddressesDeps, skillAddressesApi } from "#api/skill-addresses.js";
import { createSkillRegistryApi, type SkillRegistryDeps } from "#api/skill-registry.js";
import { createSkillVersionsApi, type SkillVersionsDeps } from "#api/skill-versions.js";
import { type SkillsDeps, skillsApi } from "#api/skills.js";
import { type SystemDeps, systemApi } from "#api/system.js";
import { tasksApi } from "#api/tasks.js";
import { usageApi } from "#api/usage.js";
import { wellKnownApi } from "#api/well-known.js";
import type { Catalog } from "#catalog/catalog.js";
import type { Contract } from "#contract/contract.js";
import type { Api } from "#contract/route.js";
import type { Execute } from "#gateway/execute.js";
import type { Keys } from "#identity/keys.js";
import type { WellKnown } from "#skills/delivery/well-known.js";
import type { TaskQueue } from "#skills/tasks/tasks.js";
import type { CallLog } from "#store/calls.js";
import type { Database } from "#store/engine/database.js";

export interface ApiDeps
  extends ConnectionsDeps,
    SignInDeps,
    AdminDeps,
    SystemDeps,
    ResultsDeps,
    DeviceDeps,
    PeopleDeps,
    AgentSkillsDeps,
    AgentsDeps,
    AuthorizationsDeps,
    AssignmentsDeps,
    SkillAddressesDeps,
    SkillRegistryDeps,
    SkillVersionsDeps {
  catalog: Catalog;
  execute: Execute;
  keys: Keys;
  calls: CallLog;
  database: Database;
  delivery: SkillsDeps["delivery"];
  wellKnown: WellKnown;
  tasks: TaskQueue;
  listings: ListingsDeps["listings"];
  sources: ListingsDeps["sources"];
}

/** The contract, implemented. */
export function createApi(deps: ApiDeps): Api<Contract> {
  return {
    ...skillsApi(deps),
    ...connectionsApi(deps),
    ...signInApi(deps),
    ...apiKeysApi(deps.keys),
    ...usageApi(deps),
    ...systemApi(deps),
    ...adminApi(deps),
    ...deviceApi(deps),
    ...deviceGrantApi(deps),
    ...peopleApi(deps),
    ...authorizationsApi(deps),
    ...createSkillRegistryApi(deps),
    ...createSkillVersionsApi(deps),
    ...createAssignmentsApi(deps),
    ...agentSkillsApi(deps),
    ...createAgentsApi(deps),
    ...wellKnownApi(deps.wellKnown),
    ...skillAddressesApi(deps),
    ...resultsApi(deps),
    ...tasksApi(deps.tasks),
    ...listingsApi(deps),
    executeEndpoint: ({ caller, face, params, query, headers, body, signal }) =>
      deps.execute({
        caller,
        face,
        integration: params.integration,
        endpoint: params.endpoint,
        params: body.params ?? {},
        connection: body.connection,
        dryRun: query.dry_run ?? false,
        idempotencyKey: headers["idempotency-key"],
        wanted: query,
        signal,
      }),
  };
}

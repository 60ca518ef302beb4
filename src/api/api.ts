import { type AdminDeps, createAdminApi } from "#api/admin.js";
import { type AgentSkillsDeps, createAgentSkillsApi } from "#api/agent-skills.js";
import { type AgentsDeps, createAgentsApi } from "#api/agents.js";
import { createApiKeysApi } from "#api/api-keys.js";
import { type AssignmentsDeps, createAssignmentsApi } from "#api/assignments.js";
import { type AuthorizationsDeps, createAuthorizationsApi } from "#api/authorizations.js";
import { type ConnectDeps, createConnectApi } from "#api/connect.js";
import { type ConnectionsDeps, createConnectionsApi } from "#api/connections.js";
import { createDeviceApi } from "#api/device.js";
import { createDeviceGrantApi, type DeviceDeps } from "#api/device-grant.js";
import { createExecuteApi, type ExecuteDeps } from "#api/execute.js";
import { createFilesApi, type FilesDeps } from "#api/files.js";
import { createImportedIntegrationsApi, type ImportedIntegrationsDeps } from "#api/imported-integrations.js";
import { createIntegrationsApi, type IntegrationsDeps } from "#api/integrations.js";
import { createListingsApi, type ListingsDeps } from "#api/listings.js";
import { createMcpServersApi, type McpServersDeps } from "#api/mcp-servers.js";
import { createPeopleApi, type PeopleDeps } from "#api/people.js";
import { createProtectedResourceApi, type ProtectedResourceDeps } from "#api/protected-resource.js";
import { createRequestApi } from "#api/request.js";
import { createResultsApi, type ResultsDeps } from "#api/results.js";
import { createSandboxApi, type SandboxDeps } from "#api/sandbox.js";
import { createSkillAddressesApi, type SkillAddressesDeps } from "#api/skill-addresses.js";
import { createSkillArchivesApi, type SkillArchivesDeps } from "#api/skill-archives.js";
import { createSkillVersionsApi, type SkillVersionsDeps } from "#api/skill-versions.js";
import { createSkillsApi, type SkillsDeps } from "#api/skills.js";
import { createSystemApi, type SystemDeps } from "#api/system.js";
import { createTasksApi } from "#api/tasks.js";
import { createTenantIntegrationsApi, type TenantIntegrationsDeps } from "#api/tenant-integrations.js";
import { createUsageApi, type UsageDeps } from "#api/usage.js";
import { createWellKnownApi } from "#api/well-known.js";
import type { Contract } from "#contract/contract.js";
import type { Api } from "#contract/route.js";
import type { Keys } from "#identity/keys.js";
import type { WellKnown } from "#skills/delivery/well-known.js";
import type { TaskQueue } from "#skills/tasks/tasks.js";

export interface ApiDeps
  extends AdminDeps,
    AgentSkillsDeps,
    AgentsDeps,
    AssignmentsDeps,
    AuthorizationsDeps,
    ConnectDeps,
    ConnectionsDeps,
    DeviceDeps,
    ExecuteDeps,
    FilesDeps,
    ImportedIntegrationsDeps,
    IntegrationsDeps,
    ListingsDeps,
    PeopleDeps,
    ProtectedResourceDeps,
    ResultsDeps,
    SandboxDeps,
    SkillAddressesDeps,
    SkillArchivesDeps,
    SkillVersionsDeps,
    SkillsDeps,
    SystemDeps,
    TenantIntegrationsDeps,
    McpServersDeps,
    UsageDeps {
  keys: Keys;
  tasks: TaskQueue;
  wellKnown: WellKnown;
}

/** The contract, implemented. */
export function createApi(deps: ApiDeps): Api<Contract> {
  return {
    ...createIntegrationsApi(deps),
    ...createTenantIntegrationsApi(deps),
    ...createMcpServersApi(deps),
    ...createImportedIntegrationsApi(deps),
    ...createExecuteApi(deps),
    ...createRequestApi(deps),
    ...createResultsApi(deps),
    ...createFilesApi(deps),
    ...createSandboxApi(deps),
    ...createConnectApi(deps),
    ...createConnectionsApi(deps),
    ...createApiKeysApi(deps.keys),
    ...createDeviceApi(deps),
    ...createDeviceGrantApi(deps),
    ...createProtectedResourceApi(deps),
    ...createAuthorizationsApi(deps),
    ...createPeopleApi(deps),
    ...createUsageApi(deps),
    ...createAdminApi(deps),
    ...createTasksApi(deps.tasks),
    ...createWellKnownApi(deps.wellKnown),
    ...createSkillAddressesApi(deps),
    ...createListingsApi(deps),
    ...createSkillsApi(deps),
    ...createSkillVersionsApi(deps),
    ...createSkillArchivesApi(deps),
    ...createAssignmentsApi(deps),
    ...createAgentSkillsApi(deps),
    ...createAgentsApi(deps),
    ...createSystemApi(deps),
  };
}

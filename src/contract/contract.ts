import * as admin from "#contract/admin.js";
import * as agentSkills from "#contract/agent-skills.js";
import * as agents from "#contract/agents.js";
import * as apiKeys from "#contract/api-keys.js";
import * as assignments from "#contract/assignments.js";
import * as authorizations from "#contract/authorizations.js";
import * as connect from "#contract/connect.js";
import * as connections from "#contract/connections.js";
import * as device from "#contract/device.js";
import * as deviceGrant from "#contract/device-grant.js";
import * as execute from "#contract/execute.js";
import * as files from "#contract/files.js";
import * as importedIntegrations from "#contract/imported-integrations.js";
import * as integrations from "#contract/integrations.js";
import * as listings from "#contract/listings.js";
import * as mcpServers from "#contract/mcp-servers.js";
import * as people from "#contract/people.js";
import * as protectedResource from "#contract/protected-resource.js";
import * as request from "#contract/request.js";
import * as results from "#contract/results.js";
import * as sandbox from "#contract/sandbox.js";
import * as skillAddresses from "#contract/skill-addresses.js";
import * as skillArchives from "#contract/skill-archives.js";
import * as skillVersions from "#contract/skill-versions.js";
import * as skills from "#contract/skills.js";
import * as system from "#contract/system.js";
import * as tasks from "#contract/tasks.js";
import * as tenantIntegrations from "#contract/tenant-integrations.js";
import * as usage from "#contract/usage.js";
import * as wellKnown from "#contract/well-known.js";

/** Our whole API. The server implements it, the client calls it, `/openapi.json` shows it. */
export const contract = {
  ...integrations,
  ...tenantIntegrations,
  ...mcpServers,
  ...importedIntegrations,
  ...execute,
  ...request,
  ...results,
  ...files,
  ...sandbox,
  ...connect,
  ...connections,
  ...apiKeys,
  ...device,
  ...deviceGrant,
  ...protectedResource,
  ...authorizations,
  ...people,
  ...usage,
  ...admin,
  ...tasks,
  ...wellKnown,
  ...skillAddresses,
  ...listings,
  ...skills,
  ...skillVersions,
  ...skillArchives,
  ...assignments,
  ...agentSkills,
  ...agents,
  ...system,
};

export type Contract = typeof contract;

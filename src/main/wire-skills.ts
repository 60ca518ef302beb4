import type { CatalogOf } from "#catalog/catalog.js";
import { connectCommand } from "#connections/connect-command.js";
import type { ProviderClients } from "#connections/provider-clients.js";
import type { Clock } from "#core/clock.js";
import type { RunJob } from "#core/job.js";
import type { SkillSettings } from "#main/skill-settings.js";
import type { SkillDelivery } from "#skills/delivery/delivery.js";
import { type BrowseSkills, createBrowseSkills } from "#skills/delivery/discover.js";
import { createDiscoverConnectors, type DiscoverConnectors } from "#skills/delivery/discover-connectors.js";
import { createManifests, type Manifests } from "#skills/delivery/manifests.js";
import { createOwnSkills, type OwnSkills } from "#skills/delivery/own-skills.js";
import { createQuerySkill, type QuerySkill } from "#skills/delivery/query.js";
import { createRequirements } from "#skills/delivery/requirements.js";
import { type AgentRegistry, createAgentRegistry } from "#skills/registry/agents.js";
import { createSkillAssignments, type SkillAssignments } from "#skills/registry/assignments.js";
import { createImportFolders, type ImportFolders } from "#skills/registry/import.js";
import { createRegistry, type Registry } from "#skills/registry/registry.js";
import { createSkillSearch, type SkillSearch } from "#skills/registry/search.js";
import { createMakeChange } from "#skills/registry/transaction.js";
import { createVersions, type Versions } from "#skills/registry/versions.js";
import { createAgentRows } from "#store/agent-rows.js";
import { createAssignmentRows } from "#store/assignment-rows.js";
import type { ConnectionRows } from "#store/connection-rows.js";
import type { Database } from "#store/engine/database.js";
import { createSkillFileRows } from "#store/skill-file-rows.js";
import { createSkillRows } from "#store/skill-rows.js";
import { createSkillVersionRows } from "#store/skill-version-rows.js";

interface Parts {
  config: SkillSettings;
  catalogOf: CatalogOf;
  database: Database;
  connections: ConnectionRows;
  clients: ProviderClients;
  delivery: SkillDelivery;
  runJob: RunJob;
  clock: Clock;
}

export interface SkillParts {
  registry: Registry;
  skillVersions: Versions;
  importFolders: ImportFolders;
  skillSearch: SkillSearch;
  agentRegistry: AgentRegistry;
  skillAssignments: SkillAssignments;
  ownSkills: OwnSkills;
  querySkill: QuerySkill;
  browseSkills: BrowseSkills;
  discoverConnectors: DiscoverConnectors;
  manifests: Manifests;
}

/** The registry: skills, their versions, and the agents that have them. */
export function wireSkills(parts: Parts): SkillParts {
  const { config, catalogOf, database, connections, clients, delivery, runJob, clock } = parts;
  const makeChange = createMakeChange({ database, clock });
  const [skills, agents] = [createSkillRows(database), createAgentRows(database)];
  const [assignments, files] = [createAssignmentRows(database), createSkillFileRows(database)];
  const versionRows = createSkillVersionRows(database);
  const versions = createVersions({ versions: versionRows, files, makeChange, runJob });
  const search = createSkillSearch({ database });
  const requirements = createRequirements({
    catalogOf,
    connections,
    connectCommand: (integration) => connectCommand(clients, integration),
  });
  return {
    registry: createRegistry({ skills, makeChange }),
    skillVersions: versions,
    importFolders: createImportFolders({ makeChange }),
    skillSearch: search,
    agentRegistry: createAgentRegistry({ agents, makeChange, clock }),
    skillAssignments: createSkillAssignments({ skills, agents, assignments, makeChange }),
    ownSkills: createOwnSkills({ delivery, requirements }),
    querySkill: createQuerySkill({
      delivery,
      versions,
      files,
      requirements,
      maxTokens: config.skillQueryTokens,
    }),
    browseSkills: createBrowseSkills({ skills, search, assignments }),
    discoverConnectors: createDiscoverConnectors({
      catalogOf,
      connections,
      skills,
      assignments,
    }),
    manifests: createManifests({ delivery, versions: versionRows }),
  };
}

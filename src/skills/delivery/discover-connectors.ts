import { isOpenToAll } from "#catalog/auth-method.js";
import type { Catalog, CatalogOf } from "#catalog/catalog.js";
import type { Integration } from "#catalog/integration.js";
import { findEndpoint } from "#catalog/names.js";
import { type Caller, refuseUnlessPermitted } from "#core/caller.js";
import { connectedIntegrations } from "#skills/delivery/connected.js";
import type { AssignmentRows } from "#store/assignment-rows.js";
import type { ConnectionRows } from "#store/connection-rows.js";
import type { SkillRows } from "#store/skill-rows.js";

/** Which integrations a caller has, and which there are beside them. */
export interface Connectors {
  connected: Integration[];
  available: Integration[];
  /** Slugs of skills the agent does not have yet, by integration; those without any are left out. */
  suggested: { integration: string; skills: string[] }[];
}

/** By slug; all categories, when it is left out. */
export type DiscoverConnectors = (caller: Caller, category?: string) => Promise<Connectors>;

interface Deps {
  catalogOf: CatalogOf;
  connections: Pick<ConnectionRows, "list">;
  skills: SkillRows;
  assignments: AssignmentRows;
}

const maxSuggestions = 10;

export function createDiscoverConnectors(deps: Deps): DiscoverConnectors {
  const { catalogOf, connections, skills, assignments } = deps;

  async function heldBy({ tenantId, agentId }: Caller): Promise<Set<string>> {
    if (agentId === null) return new Set();
    const held = await assignments.listHeld({ tenant_id: tenantId, id: agentId });
    return new Set(held.map(({ skill_id }) => skill_id));
  }

  /** Slugs of the skills of the tenant that go with each integration. */
  async function suggestions(caller: Caller, catalog: Catalog): Promise<Map<string, string[]>> {
    const [needs, held] = await Promise.all([skills.listNeeds(caller.tenantId), heldBy(caller)]);
    const found = new Map<string, string[]>();
    for (const { id, slug, tool_ids } of needs) {
      if (held.has(id)) continue;
      for (const integration of integrationsOf(catalog, JSON.parse(tool_ids))) {
        const slugs = found.get(integration) ?? [];
        if (slugs.length < maxSuggestions) found.set(integration, [...slugs, slug]);
      }
    }
    return found;
  }

  return async (caller, category) => {
    if (caller.agentId === null) refuseUnlessPermitted(caller, "skills:read");
    const catalog = await catalogOf(caller);
    const [connected, suggested] = await Promise.all([
      connectedIntegrations(connections, caller),
      suggestions(caller, catalog),
    ]);
    const shown = [...catalog.integrations.values()]
      .filter((it) => category === undefined || it.category === category)
      .sort((a, b) => (a.slug < b.slug ? -1 : 1));
    const isConnected = (it: Integration) => connected.has(it.slug) || isOpenToAll(it);
    return {
      connected: shown.filter(isConnected),
      available: shown.filter((it) => !isConnected(it)),
      suggested: shown.flatMap(({ slug }) => {
        const slugs = suggested.get(slug);
        return slugs ? [{ integration: slug, skills: slugs }] : [];
      }),
    };
  };
}

/** Those whose endpoints these are. */
function integrationsOf({ integrations }: Catalog, toolIds: string[]): Set<string> {
  const known = toolIds.filter((toolId) => {
    const dot = toolId.indexOf(".");
    const integration = integrations.get(toolId.slice(0, dot));
    return integration && findEndpoint(integration.endpoints, toolId.slice(dot + 1));
  });
  return new Set(known.map((toolId) => toolId.slice(0, toolId.indexOf("."))));
}

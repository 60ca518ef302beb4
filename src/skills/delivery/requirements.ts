import { isOpenToAll } from "#catalog/auth-method.js";
import type { Catalog, CatalogOf } from "#catalog/catalog.js";
import type { Endpoint, Integration } from "#catalog/integration.js";
import { findEndpoint, scopeTarget } from "#catalog/names.js";
import type { Caller } from "#core/caller.js";
import { allows } from "#core/scopes.js";
import { nearest } from "#core/suggest.js";
import { connectedIntegrations } from "#skills/delivery/connected.js";
import type { ConnectionRows } from "#store/connection-rows.js";

export type Unmet = "not_connected" | "out_of_scope" | "switched_off" | "unknown";

/** An endpoint a skill needs, and whether the caller may call it. */
export interface Requirement {
  /** `github.create_issue` */
  endpoint: string;
  met: boolean;
  reason: Unmet | null;
  /** The step that puts it right: a command where there is one. */
  next: string | null;
}

/** Checks endpoints for many skills of one caller: connections are read once. */
export type Requirements = (
  caller: Caller,
) => Promise<(toolIds: readonly string[]) => Promise<Requirement[]>>;

interface Deps {
  catalogOf: CatalogOf;
  connections: Pick<ConnectionRows, "list">;
  /** The command that connects an account, as this server is set up. */
  connectCommand: (integration: Integration) => Promise<string>;
}

/** A skill never opens a door: this says which ones are closed, and where the key is. */
export function createRequirements(deps: Deps): Requirements {
  const { catalogOf, connections, connectCommand } = deps;

  return async (caller) => {
    const { scopes } = caller;
    const catalog = await catalogOf(caller);
    const connected = await connectedIntegrations(connections, caller);

    async function requirementOf(toolId: string): Promise<Requirement> {
      const { integration, endpoint } = look(catalog, toolId);
      if (isOff(catalog, toolId)) return unmet(toolId, "switched_off", switchOn);
      if (!integration || !endpoint) return unmet(toolId, "unknown", unknownStep(integration, toolId));
      if (!allows(scopes, scopeTarget(endpoint))) {
        const scope = `${integration.slug}.${endpoint.name}`;
        return unmet(toolId, "out_of_scope", `Create an API key with the scope ${scope}`);
      }
      if (!isOpenToAll(integration) && !connected.has(integration.slug))
        return unmet(toolId, "not_connected", await connectCommand(integration));
      return { endpoint: toolId, met: true, reason: null, next: null };
    }
    return (toolIds) => Promise.all(toolIds.map(requirementOf));
  };
}

interface Found {
  integration: Integration | undefined;
  endpoint: Endpoint | undefined;
}

function look({ integrations }: Pick<Catalog, "integrations">, toolId: string): Found {
  const dot = toolId.indexOf(".");
  const integration = integrations.get(toolId.slice(0, dot));
  return { integration, endpoint: integration && findEndpoint(integration.endpoints, toolId.slice(dot + 1)) };
}

/** Is it there, and switched off for the tenant? */
function isOff(catalog: Catalog, toolId: string): boolean {
  return (
    !look(catalog, toolId).endpoint && look({ integrations: catalog.known }, toolId).endpoint !== undefined
  );
}

const switchOn = "An owner or admin of the tenant can switch it on";

/** A misspelt endpoint is looked up; an integration this server does not have is for its operator to add. */
function unknownStep(integration: Integration | undefined, toolId: string): string {
  if (!integration) return "skillett skills";
  const near = nearest(toolId.slice(integration.slug.length + 1), integration.endpoints.keys());
  return `skillett skills ${integration.slug}${near === undefined ? "" : ` ${near}`}`;
}

function unmet(endpoint: string, reason: Unmet, next: string): Requirement {
  return { endpoint, met: false, reason, next };
}

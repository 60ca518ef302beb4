import type { Contract } from "#contract/contract.js";
import type { Api, Output } from "#contract/route.js";
import type * as routes from "#contract/tenant-integrations.js";
import { isoTime } from "#core/clock.js";
import type { IntegrationDetails, IntegrationState, Switching } from "#integrations/switching.js";

export interface TenantIntegrationsDeps {
  switching: Switching;
}

export function createTenantIntegrationsApi({ switching }: TenantIntegrationsDeps): Api<typeof routes> {
  return {
    async listTenantIntegrations({ caller }) {
      return { integrations: (await switching.list(caller)).map(toListed) };
    },
    async getTenantIntegration({ caller, params }) {
      return toDetails(await switching.get(caller, params.integration));
    },
    async switchIntegration({ caller, params, body }) {
      return toDetails(await switching.change(caller, params.integration, body));
    },
    async removeIntegration({ caller, params: { integration } }) {
      return { integration, connections: await switching.remove(caller, integration) };
    },
  };
}

function toListed({ integration, kind, enabled, endpointsOn }: IntegrationState) {
  return {
    ...factsOf({ integration, kind }),
    enabled,
    endpoints: integration.endpoints.size,
    endpoints_on: endpointsOn,
  };
}

function toDetails(details: IntegrationDetails): Output<Contract["getTenantIntegration"]> {
  const { enabled, endpoints, row } = details;
  return {
    ...factsOf(details),
    enabled,
    endpoints: endpoints.map(({ endpoint: { name, resource, summary, effect }, offReason }) => ({
      name,
      resource,
      summary,
      effect,
      enabled: offReason === null,
      off_reason: offReason,
    })),
    report: row?.report ? JSON.parse(row.report) : null,
    created_at: row ? isoTime(row.created_at) : null,
    updated_at: row ? isoTime(row.updated_at) : null,
  };
}

const factsOf = ({
  integration: { slug, name, description },
  kind,
}: Pick<IntegrationState, "integration" | "kind">) => ({
  integration: slug,
  name,
  description,
  kind,
});

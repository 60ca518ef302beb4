import type { Catalog } from "#catalog/catalog.js";
import type { Endpoint, Integration } from "#catalog/integration.js";
import { isOpen } from "#connections/connect-command.js";
import type { Managing } from "#connections/managing.js";
import type { Contract } from "#contract/contract.js";
import type { Api, Output } from "#contract/route.js";
import type { ConnectionRow } from "#store/tables.js";

type Names = "listIntegrations" | "getIntegration" | "getEndpoint" | "downloadSkill";
type Listed = Output<Contract["listIntegrations"]>;

export function skillsApi(catalog: Catalog, managing: Managing): Pick<Api<Contract>, Names> {
  return {
    async listIntegrations({ caller, query: { q } }) {
      const connections = await managing.list(caller);
      const found = q === undefined ? undefined : catalog.search(q);
      const integrations = found?.integrations ?? [...catalog.integrations.values()];
      return {
        integrations: integrations.map((integration) => toIntegration(integration, connections)),
        ...(found
          ? { endpoints: found.endpoints.map((it) => ({ integration: it.integration, ...toSummary(it) })) }
          : {}),
      };
    },
    getIntegration({ params }) {
      const { slug, endpoints } = catalog.integration(params.integration);
      return { integration: slug, endpoints: [...endpoints.values()].map(toSummary) };
    },
    getEndpoint({ params }) {
      const endpoint = catalog.endpoint(params.integration, params.endpoint);
      const { summary, method, path, effect, scopes, markdown } = endpoint;
      return {
        integration: endpoint.integration,
        endpoint: endpoint.name,
        summary,
        method,
        path,
        effect,
        params: endpoint.params,
        example: endpoint.example.params,
        scopes,
        markdown,
      };
    },
    downloadSkill({ params }) {
      const { slug, files } = catalog.integration(params.slug);
      return { slug, files: files.map(({ path, content }) => ({ file_path: path, content })) };
    },
  };
}

function toIntegration(
  { slug, name, description, category, auth, endpoints }: Integration,
  connections: ConnectionRow[],
): Listed["integrations"][number] {
  const mine = connections.filter(({ integration }) => integration === slug);
  return {
    slug,
    name,
    description,
    category,
    auth: Object.keys(auth),
    connected: mine.length > 0 || Object.values(auth).some(isOpen),
    connections: mine.map(({ id, account, status }) => ({ id, account, status })),
    endpoints: endpoints.size,
  };
}

function toSummary({ name, resource, summary, method, effect }: Endpoint) {
  return { name, resource, summary, method, effect };
}

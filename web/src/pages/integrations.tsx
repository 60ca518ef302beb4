import { useQuery } from "@tanstack/react-query";
import { connectionsQuery, type Integration, integrationsQuery, useApi } from "#web/api/api.js";
import { Notice } from "#web/components/notice.js";
import { Page } from "#web/components/page.js";
import { IntegrationCard } from "#web/integrations/integration-card.js";

/** The services there are, and the accounts a person has connected. */
export function IntegrationsPage() {
  const api = useApi();
  const integrations = useQuery(integrationsQuery(api));
  const connections = useQuery(connectionsQuery(api));
  return (
    <Page title="Integrations">
      <p>The services that agents can use for you, and your accounts there. Agents never see a credential.</p>
      <Notice error={integrations.error ?? connections.error} />
      {integrations.data && connections.data ? (
        [...integrations.data.integrations]
          .sort(byUse)
          .map((integration) => (
            <IntegrationCard
              key={integration.slug}
              integration={integration}
              connections={connections.data.connections.filter((it) => it.integration === integration.slug)}
            />
          ))
      ) : (
        <p className="text-quiet">…</p>
      )}
    </Page>
  );
}

/** Those with an account first, then by name. */
function byUse(a: Integration, b: Integration): number {
  const used = Number(b.connections.length > 0) - Number(a.connections.length > 0);
  return used || a.name.localeCompare(b.name);
}

import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { agentsQuery, authorizationRequestQuery, meQuery, useApi } from "#web/api/api.js";
import { Notice } from "#web/components/notice.js";
import { Card, Page } from "#web/components/page.js";
import { ConsentForm } from "#web/consent/consent-form.js";

const route = getRouteApi("/signed-in/consent");

/** A program has sent its person's browser here, to ask for access. @see RFC 6749 §4.1 */
export function ConsentPage() {
  const { uid = "" } = route.useSearch();
  const api = useApi();
  const request = useQuery(authorizationRequestQuery(api, uid));
  const me = useQuery(meQuery(api));
  const agents = useQuery(agentsQuery(api));
  const error = request.error ?? me.error ?? agents.error;
  if (error) {
    return (
      <Page title="This request cannot be decided">
        <Card>
          <Notice error={error} />
        </Card>
      </Page>
    );
  }
  if (!request.data || !me.data || !agents.data) return <Page title="A program wants in">{null}</Page>;
  return <ConsentForm uid={uid} request={request.data} me={me.data} agents={agents.data.agents} />;
}

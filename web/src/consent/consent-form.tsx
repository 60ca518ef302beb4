import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type Agent, type AuthorizationRequest, type Me, useApi } from "#web/api/api.js";
import { Button } from "#web/components/button.js";
import { Notice } from "#web/components/notice.js";
import { Card, Page } from "#web/components/page.js";
import { Tick } from "#web/components/tick.js";
import { AgentChoice } from "#web/consent/agent-choice.js";
import { ClientFacts } from "#web/consent/client-facts.js";
import { ScopeChoice } from "#web/consent/scope-choice.js";
import { choicesFor, firstChosen, scopesChosen } from "#web/consent/scopes-chosen.js";

interface ConsentFormProps {
  uid: string;
  request: AuthorizationRequest;
  me: Me;
  agents: Agent[];
}

/** Shows which program asks, for which scopes, and as which agent it would act; then the person decides. */
export function ConsentForm({ uid, request, me, agents }: ConsentFormProps) {
  const { skillett } = useApi();
  const mayChooseAgents = me.permissions.includes("agents:*");
  const [agentId, setAgentId] = useState(request.suggestedAgentId);
  const choices = choicesFor(request.scopes);
  const [chosen, setChosen] = useState<readonly string[]>(firstChosen(choices));
  const [readOnly, setReadOnly] = useState(true);
  const [lasts, setLasts] = useState(false);
  const scopes = scopesChosen(chosen, readOnly);
  const redirect = ({ redirectTo }: { redirectTo: string }) => window.location.assign(redirectTo);
  const params = { id: uid };
  const approve = useMutation({
    mutationFn: () =>
      skillett.approveAuthorization({
        params,
        body: { agentId, scopes, ...(lasts ? { expiresAt: null } : {}) },
      }),
    onSuccess: redirect,
  });
  const deny = useMutation({ mutationFn: () => skillett.denyAuthorization({ params }), onSuccess: redirect });
  // It stays so when it is decided: the browser is on its way.
  const busy = [approve, deny].some(({ isPending, isSuccess }) => isPending || isSuccess);
  const name = request.clientName ?? request.clientHost ?? "a program without a name";
  return (
    <Page title={`Let “${name}” in?`}>
      <Card>
        <ClientFacts request={request} me={me} />
        <ScopeChoice
          choices={choices}
          chosen={chosen}
          onChoose={setChosen}
          readOnly={readOnly}
          onReadOnly={setReadOnly}
        />
        {mayChooseAgents && <AgentChoice agents={agents} chosen={agentId} onChoose={setAgentId} />}
        {agentId !== null && (
          <Tick on={lasts} onChange={() => setLasts(!lasts)}>
            Without an end, instead of for 90 days
          </Tick>
        )}
        <p className="text-sm text-quiet">
          Only allow what you have just begun yourself. You can take it back on your account page at any time.
        </p>
        <div className="flex flex-wrap gap-3">
          <Button className="grow" busy={busy || scopes.length === 0} onClick={() => approve.mutate()}>
            Allow
          </Button>
          <Button className="grow" variant="secondary" busy={busy} onClick={() => deny.mutate()}>
            Deny
          </Button>
        </div>
        <Notice error={approve.error ?? deny.error} />
      </Card>
    </Page>
  );
}

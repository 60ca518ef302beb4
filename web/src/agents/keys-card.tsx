import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { NewKeyForm } from "#web/agents/new-key-form.js";
import { keyInWords, keyWarning, mcpConfig } from "#web/agents/text.js";
import { type AgentKey, agentKeysQuery } from "#web/api/agents.js";
import { type Me, useApi } from "#web/api/api.js";
import { Button } from "#web/components/button.js";
import { Copyable } from "#web/components/copyable.js";
import { Notice } from "#web/components/notice.js";
import { Card } from "#web/components/page.js";
import { useNames } from "#web/format/members.js";
import { scopeInWords } from "#web/format/scopes.js";
import { FreshKey } from "#web/keys/fresh-key.js";

/** The keys of an agent. */
export function KeysCard({ agentId, me }: { agentId: string; me: Me }) {
  const api = useApi();
  const queries = useQueryClient();
  const { data, error } = useQuery(agentKeysQuery(api, agentId));
  const [made, setMade] = useState<string>();
  const keys = data?.keys.filter(({ revokedAt }) => revokedAt === null);
  const reload = () => queries.invalidateQueries(agentKeysQuery(api, agentId));
  return (
    <Card title="Keys">
      {keys?.length === 0 && <p className="text-quiet">It has none yet: it cannot call.</p>}
      {keys?.length !== 0 && (
        <ul className="flex flex-col gap-4">
          {keys?.map((key) => <KeyRow key={key.id} apiKey={key} me={me} onRevoked={reload} />) ?? (
            <li className="min-h-11 text-quiet">…</li>
          )}
        </ul>
      )}
      <Notice error={error} />
      {made && <NewKey key={made} secret={made} />}
      <NewKeyForm
        agentId={agentId}
        onMade={async (secret) => {
          setMade(secret);
          await reload();
        }}
      />
    </Card>
  );
}

interface KeyRowProps {
  apiKey: AgentKey;
  me: Me;
  onRevoked: () => Promise<void>;
}

function KeyRow({ apiKey, me, onRevoked }: KeyRowProps) {
  const { skillett } = useApi();
  const nameOf = useNames();
  const { id, name, scopes, profileId } = apiKey;
  const warning = keyWarning(apiKey, Date.now());
  const isOwn = profileId === me.profile.id;
  const mayRevoke = isOwn || me.permissions.includes("keys:*");
  const revoke = useMutation({
    mutationFn: () => skillett.revokeApiKey({ params: { id } }),
    onSettled: onRevoked,
  });
  return (
    <li className="flex flex-col gap-2">
      <div className="flex min-h-11 items-center justify-between gap-4">
        <p className="min-w-0 break-words">
          {name}
          <span className="block text-sm text-quiet">
            {keyInWords(apiKey)} · {isOwn ? "yours" : `of ${nameOf(profileId)}`} ·{" "}
            {scopes.map(scopeInWords).join("; ")}
          </span>
          {warning !== undefined && <span className="block text-sm text-wrong">{warning}</span>}
        </p>
        {mayRevoke && (
          <Button
            variant="secondary"
            busy={revoke.isPending}
            aria-label={`Revoke ${name}, ${apiKey.keyPrefix}`}
            onClick={() => revoke.mutate()}
          >
            Revoke
          </Button>
        )}
      </div>
      <Notice error={revoke.error} />
    </li>
  );
}

/** A client of MCP is given the key by its configuration. */
function NewKey({ secret }: { secret: string }) {
  return (
    <FreshKey secret={secret} user="agent">
      <p>
        A client of MCP finds it there with this configuration. For Claude Code it is <code>.mcp.json</code>{" "}
        in the folder of the project:
      </p>
      <Copyable name="the configuration">{mcpConfig(window.location.origin)}</Copyable>
    </FreshKey>
  );
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Authorization, authorizationsQuery, useApi } from "#web/api/api.js";
import { Button } from "#web/components/button.js";
import { Notice } from "#web/components/notice.js";
import { Card } from "#web/components/page.js";
import { momentInWords } from "#web/format/moment.js";
import { scopeInWords } from "#web/format/scopes.js";

/** Programs that the person has let in, in the current tenant. */
export function AppsCard() {
  const api = useApi();
  const queries = useQueryClient();
  const { data, error } = useQuery(authorizationsQuery(api));
  const revoke = useMutation({
    mutationFn: (id: string) => api.skillett.revokeAuthorization({ params: { id } }),
    onSettled: () => queries.invalidateQueries(authorizationsQuery(api)),
  });
  return (
    <Card title="Connected apps">
      {data?.total === 0 && <p className="min-h-11 text-quiet">You have let no program in.</p>}
      {data?.total !== 0 && (
        <ul className="flex flex-col gap-4">
          {data?.authorizations.map((app) => (
            <li key={app.id} className="flex min-h-11 items-center justify-between gap-4">
              <AppText app={app} />
              <Button
                variant="secondary"
                busy={revoke.isPending}
                aria-label={`Revoke ${nameOf(app)}`}
                onClick={() => revoke.mutate(app.id)}
              >
                Revoke
              </Button>
            </li>
          )) ?? <li className="min-h-11 text-quiet">…</li>}
        </ul>
      )}
      <Notice error={error ?? revoke.error} />
    </Card>
  );
}

function AppText({ app }: { app: Authorization }) {
  const since = new Date(app.createdAt).toLocaleDateString([], { dateStyle: "medium" });
  return (
    <p className="min-w-0 break-words">
      {nameOf(app)}
      <br />
      <span className="text-sm text-quiet">
        {app.agent ? `as ${app.agent.name}` : "as you"} · {app.scopes.map(scopeInWords).join("; ")} · since{" "}
        {since}
        {app.expiresAt !== null && ` · ends ${momentInWords(app.expiresAt)}`}
      </span>
      {app.agent && app.scopes.includes("*") && (
        <span className="block text-sm text-wrong">
          It may do everything, with every account that is connected now or later. Revoke it, and give it less
          when it asks again.
        </span>
      )}
    </p>
  );
}

const nameOf = ({ clientName, clientId }: Authorization) => clientName ?? clientId;

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { sessionsQuery, useApi } from "#web/api/api.js";
import type { SessionRow } from "#web/api/auth.js";
import { Button } from "#web/components/button.js";
import { Notice } from "#web/components/notice.js";
import { Card } from "#web/components/page.js";
import { browserInWords } from "#web/format/user-agent.js";

export function SessionsCard({ current }: { current: string }) {
  const api = useApi();
  const queries = useQueryClient();
  const { data: sessions, error } = useQuery(sessionsQuery(api));
  const revoke = useMutation({
    mutationFn: api.auth.revokeSession,
    onSettled: () => queries.invalidateQueries(sessionsQuery(api)),
  });
  return (
    <Card title="Where you are signed in">
      <ul className="flex flex-col gap-4">
        {sessions?.map((session) => (
          <li key={session.id} className="flex min-h-11 items-center justify-between gap-4">
            <SessionText session={session} isCurrent={session.id === current} />
            {session.id !== current && (
              <Button
                variant="secondary"
                busy={revoke.isPending}
                aria-label={`Sign out ${browserInWords(session.userAgent)}`}
                onClick={() => revoke.mutate(session.token)}
              >
                Sign out
              </Button>
            )}
          </li>
        )) ?? <li className="min-h-11 text-quiet">…</li>}
      </ul>
      <Notice error={error ?? revoke.error} />
    </Card>
  );
}

function SessionText({ session, isCurrent }: { session: SessionRow; isCurrent: boolean }) {
  const since = new Date(session.createdAt).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  return (
    <p className="min-w-0">
      {browserInWords(session.userAgent)}
      {isCurrent && <span className="text-good"> · this one</span>}
      <br />
      <span className="text-sm break-words text-quiet">
        {session.ipAddress ? `${session.ipAddress} · ` : ""}since {since}
      </span>
    </p>
  );
}

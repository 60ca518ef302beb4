import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { meQuery, useApi } from "#web/api/api.js";
import { Button } from "#web/components/button.js";
import { Notice } from "#web/components/notice.js";
import { Card } from "#web/components/page.js";

/** The tenants of a person; one of them is the current one. */
export function TenantsCard() {
  const api = useApi();
  const queries = useQueryClient();
  const { data: me, error } = useQuery(meQuery(api));
  const change = useMutation({
    mutationFn: api.auth.switchTenant,
    onSuccess: () => queries.invalidateQueries(),
  });
  return (
    <Card title="Your tenants">
      <ul className="flex flex-col gap-4">
        {me?.tenants.map(({ id, name, role }) => (
          <li key={id} className="flex min-h-11 items-center justify-between gap-4">
            <p className="min-w-0 break-words">
              {name}
              {id === me.tenantId && <span className="text-good"> · at hand</span>}
              <br />
              <span className="text-sm text-quiet">{role}</span>
            </p>
            {id !== me.tenantId && (
              <Button
                variant="secondary"
                busy={change.isPending}
                aria-label={`Switch to ${name}`}
                onClick={() => change.mutate(id)}
              >
                Switch
              </Button>
            )}
          </li>
        )) ?? <li className="min-h-11 text-quiet">…</li>}
      </ul>
      <Notice error={error ?? change.error} />
    </Card>
  );
}

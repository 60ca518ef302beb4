import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type DeviceRequest, meQuery, useApi } from "#web/api/api.js";
import { Button } from "#web/components/button.js";
import { Notice } from "#web/components/notice.js";
import { Card, Page } from "#web/components/page.js";
import { scopeInWords } from "#web/scopes.js";

interface DeviceReviewProps {
  request: DeviceRequest;
  onApproved: () => void;
  onDenied: () => void;
}

/** Who asks, from where, and for what: then the person decides. */
export function DeviceReview({ request, onApproved, onDenied }: DeviceReviewProps) {
  const { skillett } = useApi();
  const body = { user_code: request.user_code };
  const approve = useMutation({
    mutationFn: () => skillett.authorizeDevice({ body }),
    onSuccess: onApproved,
  });
  const deny = useMutation({ mutationFn: () => skillett.denyDevice({ body }), onSuccess: onDenied });
  const busy = approve.isPending || deny.isPending;
  return (
    <Page title={request.device_name ? `Let “${request.device_name}” in?` : "Let this device in?"}>
      <Card>
        <p className="text-center font-mono text-2xl tracking-[0.2em]">{request.user_code}</p>
        <RequestFacts request={request} />
        <div>
          <h2 className="font-semibold">It may then use</h2>
          <ul className="list-disc pl-5">
            {request.scopes.map((scope) => (
              <li key={scope}>{scopeInWords(scope)}</li>
            ))}
          </ul>
        </div>
        <p className="text-sm text-quiet">
          Only approve what you have just asked for yourself. You can revoke its key at any time.
        </p>
        <div className="flex flex-wrap gap-3">
          <Button className="grow" busy={busy} onClick={() => approve.mutate()}>
            Approve
          </Button>
          <Button className="grow" look="quiet" busy={busy} onClick={() => deny.mutate()}>
            Deny
          </Button>
        </div>
        <Notice error={approve.error ?? deny.error} />
      </Card>
    </Page>
  );
}

function RequestFacts({ request }: { request: DeviceRequest }) {
  const { data: me } = useQuery(meQuery(useApi()));
  const tenant = me?.tenants.find(({ id }) => id === me.tenantId);
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 border-y border-line py-4">
      <Fact term="Device">{request.device_name ?? "It gave no name"}</Fact>
      {request.client_id && <Fact term="Program">{request.client_id}</Fact>}
      <Fact term="Address">{request.address}</Fact>
      <Fact term="Asked">{clockTime(request.requested_at)}</Fact>
      <Fact term="For">{tenant?.name ?? "…"}</Fact>
    </dl>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-quiet">{term}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

function clockTime(iso: string): string {
  return `at ${new Date(iso).toLocaleTimeString([], { timeStyle: "short" })}`;
}

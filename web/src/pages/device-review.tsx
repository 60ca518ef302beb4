import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isRaw, withoutRaw } from "#core/scopes.js";
import { type DeviceRequest, meQuery, useApi } from "#web/api/api.js";
import { Button } from "#web/components/button.js";
import { Facts } from "#web/components/facts.js";
import { Notice } from "#web/components/notice.js";
import { Card, Page } from "#web/components/page.js";
import { Tick } from "#web/components/tick.js";
import { RawWarning } from "#web/consent/scope-choice.js";
import { scopeInWords } from "#web/format/scopes.js";

interface DeviceReviewProps {
  request: DeviceRequest;
  onApproved: () => void;
  onDenied: () => void;
}

/** Shows which device asks, from where, and for which scopes; then the person decides. */
export function DeviceReview({ request, onApproved, onDenied }: DeviceReviewProps) {
  const { skillett } = useApi();
  const body = { user_code: request.user_code };
  const [raw, setRaw] = useState<readonly string[]>([]);
  const usual = withoutRaw(request.scopes);
  const scopes = [...usual, ...raw];
  const toggle = (scope: string) =>
    setRaw(raw.includes(scope) ? raw.filter((it) => it !== scope) : [...raw, scope]);
  const approve = useMutation({
    mutationFn: () => skillett.authorizeDevice({ body: { ...body, ...(raw.length > 0 ? { scopes } : {}) } }),
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
            {usual.map((scope) => (
              <li key={scope}>{scopeInWords(scope)}</li>
            ))}
          </ul>
          {request.scopes.filter(isRaw).map((scope) => (
            <Tick key={scope} on={raw.includes(scope)} onChange={() => toggle(scope)}>
              {scopeInWords(scope)}
            </Tick>
          ))}
          {raw.length > 0 && <RawWarning />}
        </div>
        <p className="text-sm text-quiet">
          Only approve what you have just asked for yourself. You can revoke its key at any time.
        </p>
        <div className="flex flex-wrap gap-3">
          <Button className="grow" busy={busy || scopes.length === 0} onClick={() => approve.mutate()}>
            Approve
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

function RequestFacts({ request }: { request: DeviceRequest }) {
  const { data: me } = useQuery(meQuery(useApi()));
  const tenant = me?.tenants.find(({ id }) => id === me.tenantId);
  return (
    <Facts
      ruled
      facts={{
        Device: request.device_name ?? "It gave no name",
        Program: request.client_id || null,
        Address: request.address,
        Asked: clockTime(request.requested_at),
        For: tenant?.name ?? "…",
      }}
    />
  );
}

function clockTime(iso: string): string {
  return `at ${new Date(iso).toLocaleTimeString([], { timeStyle: "short" })}`;
}

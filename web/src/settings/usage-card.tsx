import { useQuery } from "@tanstack/react-query";
import { apiKeysQuery, connectionsQuery, meQuery, usageQuery, useApi } from "#web/api/api.js";
import { Facts } from "#web/components/facts.js";
import { Notice } from "#web/components/notice.js";
import { Card } from "#web/components/page.js";
import { momentInWords } from "#web/format/moment.js";
import { storedOf, usedOf } from "#web/settings/text.js";

/** The limits of the plan, and how much of each is used. */
export function UsageCard() {
  const api = useApi();
  const me = useQuery(meQuery(api));
  const usage = useQuery(usageQuery(api));
  const keys = useQuery(apiKeysQuery(api));
  const connections = useQuery(connectionsQuery(api));
  const error = usage.error ?? keys.error ?? connections.error ?? me.error;
  if (!usage.data || !keys.data || !connections.data || !me.data) {
    return <Card title="Plan">{error ? <Notice error={error} /> : <p className="text-quiet">…</p>}</Card>;
  }
  const { plan, limits, today, storage } = usage.data;
  const ownKeys = keys.data.filter((key) => key.revoked_at === null && key.agent_id === undefined);
  const ownAccounts = connections.data.connections.filter(
    ({ profile_id }) => profile_id === me.data.profile.id,
  );
  return (
    <Card title="Plan">
      <Facts
        facts={{
          Plan: plan,
          "Calls today": `${usedOf(today.calls, limits.calls_per_day)}; begins anew ${momentInWords(today.resets_at)}`,
          "Calls a minute":
            limits.calls_per_minute === null ? "no limit" : `up to ${limits.calls_per_minute}`,
          "Connected accounts": usedOf(ownAccounts.length, limits.connections),
          "API keys": usedOf(ownKeys.length, limits.api_keys),
          "Skills and listings": storedOf(storage.bytes, limits.storage_bytes),
        }}
      />
      <Notice error={error} />
    </Card>
  );
}

import { useQuery } from "@tanstack/react-query";
import { meQuery, useApi } from "#web/api/api.js";
import { Notice } from "#web/components/notice.js";
import { Page } from "#web/components/page.js";
import { PlanForm } from "#web/settings/plan-form.js";
import { UsageCard } from "#web/settings/usage-card.js";

/** The plan, its limits, how much of each is used, and how to get more. */
export function SettingsPage() {
  const me = useQuery(meQuery(useApi()));
  return (
    <Page title="Settings">
      <UsageCard />
      <Notice error={me.error} />
      {me.data?.profile.isOperator && <PlanForm email={me.data.profile.email} />}
      {me.data && !me.data.profile.isOperator && (
        <p className="text-quiet">Whoever runs this server puts people on another plan: ask them for more.</p>
      )}
    </Page>
  );
}

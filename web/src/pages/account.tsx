import { useMutation, useQuery } from "@tanstack/react-query";
import { AppsCard } from "#web/account/apps-card.js";
import { PasswordCard } from "#web/account/password-card.js";
import { SessionsCard } from "#web/account/sessions-card.js";
import { TenantsCard } from "#web/account/tenants-card.js";
import { TwoFactorCard } from "#web/account/two-factor-card.js";
import { sessionQuery, useApi } from "#web/api/api.js";
import { Button } from "#web/components/button.js";
import { Notice } from "#web/components/notice.js";
import { Card, Page } from "#web/components/page.js";
import { useContinue } from "#web/navigation/use-continue.js";

export function AccountPage() {
  const api = useApi();
  const continueTo = useContinue();
  const { data: session } = useQuery(sessionQuery(api));
  const signOut = useMutation({ mutationFn: api.auth.signOut, onSuccess: () => continueTo("/sign-in") });
  if (!session) return null;
  return (
    <Page title="Your account">
      <Card>
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="min-w-0">
            <strong className="font-semibold break-words">{session.user.name}</strong>
            <br />
            <span className="break-all text-quiet">{session.user.email}</span>
          </p>
          <Button variant="secondary" busy={signOut.isPending} onClick={() => signOut.mutate()}>
            Sign out
          </Button>
        </div>
        <Notice error={signOut.error} />
      </Card>
      <TenantsCard />
      <AppsCard />
      <SessionsCard current={session.session.id} />
      <PasswordCard />
      <TwoFactorCard on={session.user.twoFactorEnabled === true} />
    </Page>
  );
}

import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { invitationQuery, useApi } from "#web/api/api.js";
import { Button } from "#web/components/button.js";
import { TextLink } from "#web/components/link.js";
import { Notice } from "#web/components/notice.js";
import { Card, Page } from "#web/components/page.js";
import { useContinue } from "#web/navigation/use-continue.js";

const route = getRouteApi("/accept-invitation/$id");

export function AcceptInvitationPage() {
  const api = useApi();
  const continueTo = useContinue();
  const { id } = route.useParams();
  const { data: invitation, error } = useQuery(invitationQuery(api, id));
  const accept = useMutation({
    mutationFn: () => api.auth.acceptInvitation(id),
    onSuccess: () => continueTo("/account"),
  });
  const footer = <TextLink to="/account">Your account</TextLink>;
  if (!invitation) {
    return (
      <Page title={error ? "This invitation does not work" : "Your invitation"} footer={footer}>
        <Card>
          {error ? (
            <>
              <Notice error={error} />
              <p>It may have expired, or be for another address than the one you are signed in with.</p>
            </>
          ) : (
            <p>Looking it up …</p>
          )}
        </Card>
      </Page>
    );
  }
  return (
    <Page title={`Join ${invitation.organizationName}?`} footer={footer}>
      <Card>
        <p>
          <span className="break-all">{invitation.inviterEmail}</span> invites you to be {invitation.role}{" "}
          there.
        </p>
        <Button busy={accept.isPending} onClick={() => accept.mutate()}>
          Join
        </Button>
        <Notice error={accept.error} />
      </Card>
    </Page>
  );
}

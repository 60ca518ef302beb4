import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { optionsQuery, useApi } from "#web/api/api.js";
import { Field } from "#web/components/field.js";
import { Form } from "#web/components/form.js";
import { TextLink } from "#web/components/link.js";
import { NewPasswordField } from "#web/components/new-password.js";
import { Card, Page } from "#web/components/page.js";
import { nextPath } from "#web/navigation/next-path.js";
import { useContinue } from "#web/navigation/use-continue.js";

const route = getRouteApi("/sign-up");

export function SignUpPage() {
  const api = useApi();
  const { next, invitation } = route.useSearch();
  const { data: options } = useQuery(optionsQuery(api));
  const [mailedTo, setMailedTo] = useState<string>();

  if (mailedTo !== undefined) return <CheckMail email={mailedTo} />;
  const mayCome = options?.sign_up === "open" || (options?.sign_up === "invite" && invitation !== undefined);
  const signIn = (
    <TextLink to="/sign-in" search={next ? { next } : {}}>
      I have an account: sign in
    </TextLink>
  );
  return (
    <Page title={invitation ? "You are invited" : "Make an account"} footer={signIn}>
      <Card>
        {invitation && <p>Make an account with the address the invitation was sent to, or sign in.</p>}
        {mayCome ? (
          <SignUpForm next={next} invitation={invitation} onMailed={setMailedTo} />
        ) : (
          <p>
            {options?.sign_up === "invite"
              ? "Accounts are made by invitation here: open the link of yours."
              : "New accounts are not open here. Ask whoever runs this Skillett."}
          </p>
        )}
      </Card>
    </Page>
  );
}

interface SignUpFormProps {
  next: string | undefined;
  invitation: string | undefined;
  /** The address has to be confirmed first. */
  onMailed: (email: string) => void;
}

function SignUpForm({ next, invitation, onMailed }: SignUpFormProps) {
  const { auth } = useApi();
  const continueTo = useContinue();
  return (
    <Form
      submit="Make the account"
      about="email"
      onSubmit={async ({ name = "", email = "", password = "" }) => {
        const { token } = await auth.signUp({
          name,
          email,
          password,
          callbackURL: nextPath(next, window.location.origin),
          ...(invitation ? { invitationId: invitation } : {}),
        });
        if (token === null) onMailed(email);
        else continueTo(next);
      }}
    >
      <Field name="name" label="Your name" autoComplete="name" maxLength={100} required autoFocus />
      <Field name="email" label="Email address" type="email" autoComplete="username" required />
      <NewPasswordField name="password" label="Password" />
    </Form>
  );
}

function CheckMail({ email }: { email: string }) {
  return (
    <Page title="Look into your mail">
      <Card>
        <p>
          Open the link that was sent to <strong className="break-all">{email}</strong>. It confirms that the
          address is yours, and signs you in.
        </p>
      </Card>
    </Page>
  );
}

import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useApi } from "#web/api/api.js";
import { Form } from "#web/components/form.js";
import { TextLink } from "#web/components/link.js";
import { NewPasswordField } from "#web/components/new-password.js";
import { Card, Page } from "#web/components/page.js";

const route = getRouteApi("/reset-password");

export function ResetPasswordPage() {
  const { auth } = useApi();
  const { token } = route.useSearch();
  const [done, setDone] = useState(false);
  if (done) {
    return (
      <Page title="Your new password is set">
        <Card>
          <p>You have been signed out everywhere.</p>
          <p>
            <TextLink to="/sign-in">Sign in with the new one</TextLink>
          </p>
        </Card>
      </Page>
    );
  }
  return (
    <Page
      title={token ? "Set a new password" : "This link does not work any more"}
      footer={<TextLink to="/forgot-password">Ask for another link</TextLink>}
    >
      <Card>
        {token ? (
          <Form
            submit="Set the password"
            about="newPassword"
            onSubmit={async ({ newPassword = "" }) => {
              await auth.resetPassword({ newPassword, token });
              setDone(true);
            }}
          >
            <NewPasswordField name="newPassword" label="New password" />
          </Form>
        ) : (
          <p>It has been used, or it is more than an hour old.</p>
        )}
      </Card>
    </Page>
  );
}

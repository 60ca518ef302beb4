import { useState } from "react";
import { useApi } from "#web/api/api.js";
import { Field } from "#web/components/field.js";
import { Form } from "#web/components/form.js";
import { TextLink } from "#web/components/link.js";
import { Card, Page } from "#web/components/page.js";

export function ForgotPasswordPage() {
  const { auth } = useApi();
  const [sentTo, setSentTo] = useState<string>();
  return (
    <Page
      title={sentTo === undefined ? "Forgot your password?" : "Look into your mail"}
      footer={<TextLink to="/sign-in">Back to signing in</TextLink>}
    >
      <Card>
        {sentTo === undefined ? (
          <Form
            submit="Send me a link"
            about="email"
            onSubmit={async ({ email = "" }) => {
              await auth.requestPasswordReset(email);
              setSentTo(email);
            }}
          >
            <Field
              name="email"
              label="Email address"
              type="email"
              autoComplete="username"
              hint="A link to set a new password goes there."
              required
              autoFocus
            />
          </Form>
        ) : (
          // The same answer for unknown addresses, so that it does not reveal who has an account.
          <p>
            If <strong className="break-all">{sentTo}</strong> has an account, a link to set a new password is
            on its way. It works for an hour. Where this Skillett sends no mail, whoever runs it finds the
            link in the server's log.
          </p>
        )}
      </Card>
    </Page>
  );
}

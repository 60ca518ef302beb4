import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { TwoFactorSetup } from "#web/account/two-factor-setup.js";
import { useApi } from "#web/api/api.js";
import type { SecondFactor } from "#web/api/auth.js";
import { Button } from "#web/components/button.js";
import { CurrentPasswordField } from "#web/components/current-password.js";
import { Form } from "#web/components/form.js";
import { Card } from "#web/components/page.js";

export function TwoFactorCard({ on }: { on: boolean }) {
  const { auth } = useApi();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [factor, setFactor] = useState<SecondFactor>();

  async function submit({ password = "" }) {
    if (!on) return setFactor(await auth.enableTwoFactor(password));
    await auth.disableTwoFactor(password);
    await close();
  }

  async function close() {
    // The session is another one now.
    await queries.invalidateQueries();
    setFactor(undefined);
    setOpen(false);
  }

  const cancel = (
    <Button variant="secondary" onClick={() => setOpen(false)}>
      Cancel
    </Button>
  );
  return (
    <Card title="Two-factor sign-in">
      {factor ? (
        <TwoFactorSetup factor={factor} onDone={close} />
      ) : (
        <>
          <p role="status">
            {on
              ? "It is on: signing in takes your password and a code from your app."
              : "It is off. With it, a password alone does not open your account."}
          </p>
          {open ? (
            <Form submit={on ? "Turn it off" : "Go on"} about="password" also={cancel} onSubmit={submit}>
              <CurrentPasswordField name="password" />
            </Form>
          ) : (
            <Button variant="secondary" onClick={() => setOpen(true)}>
              {on ? "Turn off" : "Turn on"}
            </Button>
          )}
        </>
      )}
    </Card>
  );
}

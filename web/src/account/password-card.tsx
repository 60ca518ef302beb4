import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "#web/api/api.js";
import { Button } from "#web/components/button.js";
import { CurrentPasswordField } from "#web/components/current-password.js";
import { Form } from "#web/components/form.js";
import { NewPasswordField } from "#web/components/new-password.js";
import { Card } from "#web/components/page.js";

export function PasswordCard() {
  const api = useApi();
  const queries = useQueryClient();
  const [state, setState] = useState<"closed" | "open" | "done">("closed");

  async function change({ currentPassword = "", newPassword = "" }) {
    await api.auth.changePassword({ currentPassword, newPassword });
    setState("done");
    // The session is another one now.
    await queries.invalidateQueries();
  }

  const cancel = (
    <Button variant="secondary" onClick={() => setState("closed")}>
      Cancel
    </Button>
  );
  return (
    <Card title="Password">
      {state === "open" ? (
        <Form submit="Change it" about="currentPassword" also={cancel} onSubmit={change}>
          <CurrentPasswordField name="currentPassword" />
          <NewPasswordField name="newPassword" label="New password" />
        </Form>
      ) : (
        <>
          {state === "done" && <p role="status">It is changed, and you are signed out everywhere else.</p>}
          <Button variant="secondary" onClick={() => setState("open")}>
            Change the password
          </Button>
        </>
      )}
    </Card>
  );
}

import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { agentsQuery, useApi } from "#web/api/api.js";
import { Button } from "#web/components/button.js";
import { Field } from "#web/components/field.js";
import { Form } from "#web/components/form.js";
import { Card } from "#web/components/page.js";

/** Makes an agent, and goes to it: it has neither skills nor keys yet. */
export function NewAgentCard() {
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);

  async function create({ name = "", description = "" }) {
    const { agent } = await api.skillett.createAgent({
      body: { name, ...(description === "" ? {} : { description }) },
    });
    await queries.invalidateQueries(agentsQuery(api));
    await navigate({ to: "/dashboard/agents/$id", params: { id: agent.id } });
  }

  if (!isOpen) {
    return (
      <Button variant="secondary" onClick={() => setOpen(true)}>
        New agent
      </Button>
    );
  }
  const cancel = (
    <Button variant="secondary" onClick={() => setOpen(false)}>
      Cancel
    </Button>
  );
  return (
    <Card title="New agent">
      <Form submit="Create it" about="name" also={cancel} onSubmit={create}>
        <Field name="name" label="Name" autoComplete="off" maxLength={100} required autoFocus />
        <Field name="description" label="Description (optional)" autoComplete="off" maxLength={1024} />
      </Form>
    </Card>
  );
}

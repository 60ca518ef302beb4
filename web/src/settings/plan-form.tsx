import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { plans } from "#core/plans.js";
import { usageQuery, useApi } from "#web/api/api.js";
import { Choice } from "#web/components/choice.js";
import { Field } from "#web/components/field.js";
import { Form } from "#web/components/form.js";
import { Card } from "#web/components/page.js";

const names = (Object.keys(plans) as (keyof typeof plans)[]).map((name) => [name, name] as const);

/** For the operator: puts a person on a plan. */
export function PlanForm({ email }: { email: string | null }) {
  const api = useApi();
  const queries = useQueryClient();
  const [done, setDone] = useState("");

  async function put({ profile = "", plan = "" }) {
    setDone("");
    const body = { plan: plan as keyof typeof plans };
    const set = await api.skillett.setPlan({ params: { profile }, body });
    await queries.invalidateQueries(usageQuery(api));
    setDone(`${set.email ?? set.profile_id} is on the plan ${set.plan}.`);
  }

  return (
    <Card title="Plans of people">
      <p className="text-quiet">You run this server, so you decide who may do how much.</p>
      <Form submit="Change the plan" onSubmit={put} about="profile">
        <Field
          name="profile"
          label="Email address"
          defaultValue={email ?? ""}
          autoComplete="off"
          autoCapitalize="none"
          required
        />
        <Choice name="plan" label="Plan" options={names} defaultValue="pro" />
      </Form>
      <p role="status" className="min-h-6 text-good">
        {done}
      </p>
    </Card>
  );
}

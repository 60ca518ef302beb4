import { scopesTyped } from "#web/agents/text.js";
import { useApi } from "#web/api/api.js";
import { Choice } from "#web/components/choice.js";
import { Field } from "#web/components/field.js";
import { OpenableForm } from "#web/components/openable-form.js";
import { endIn, lifetimes } from "#web/keys/text.js";

/** Makes a key of one's own. An agent's keys are made on the agent's page. */
export function NewApiKeyForm({ onMade }: { onMade: (secret: string) => Promise<void> }) {
  const { skillett } = useApi();
  async function create({ name = "", scopes = "", days = "" }) {
    const { full_key } = await skillett.createApiKey({
      body: { name, scopes: scopesTyped(scopes), expires_at: endIn(days, Date.now()) },
    });
    await onMade(full_key);
  }

  return (
    <OpenableForm open="New key" submit="Make the key" onSubmit={create}>
      <Field
        name="name"
        label="Name of the key"
        hint="Where it is used, such as laptop"
        autoComplete="off"
        maxLength={100}
        required
        autoFocus
      />
      <Field
        name="scopes"
        label="What it may call"
        hint="Such as github:read, github.create_issue; * is everything but github:raw, any request to GitHub"
        defaultValue="*:read"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <Choice name="days" label="It ends" options={lifetimes} defaultValue="90" />
    </OpenableForm>
  );
}

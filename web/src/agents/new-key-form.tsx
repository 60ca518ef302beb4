import { useState } from "react";
import { scopesTyped } from "#web/agents/text.js";
import { useApi } from "#web/api/api.js";
import { Field } from "#web/components/field.js";
import { OpenableForm } from "#web/components/openable-form.js";
import { Tick } from "#web/components/tick.js";

interface NewKeyFormProps {
  agentId: string;
  /** Called with the key: SECRET. */
  onMade: (secret: string) => Promise<void>;
}

export function NewKeyForm({ agentId, onMade }: NewKeyFormProps) {
  const { skillett } = useApi();
  const [lasts, setLasts] = useState(false);

  async function create({ name = "", scopes = "" }) {
    const { full_key } = await skillett.createApiKey({
      body: { name, scopes: scopesTyped(scopes), agent_id: agentId, ...(lasts ? { expires_at: null } : {}) },
    });
    await onMade(full_key);
  }

  return (
    <OpenableForm open="New key" submit="Make the key" onSubmit={create}>
      <p className="text-sm text-quiet">It calls with your connections, and with your role.</p>
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
        label="What it may call (optional)"
        hint="Such as github:read github.create_issue; when empty, it only reads. * is everything, with every account, now and later"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <Tick on={lasts} onChange={() => setLasts(!lasts)}>
        Without an end, instead of for 90 days
      </Tick>
    </OpenableForm>
  );
}

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { keyWarning } from "#web/agents/text.js";
import { type ApiKey, useApi } from "#web/api/api.js";
import { Button } from "#web/components/button.js";
import { TextLink } from "#web/components/link.js";
import { Notice } from "#web/components/notice.js";
import { scopeInWords } from "#web/format/scopes.js";
import { standingOf } from "#web/keys/text.js";

interface ApiKeyRowProps {
  apiKey: ApiKey;
  /** Called with the key that takes its place when it was rotated. SECRET. */
  onChange: (secret: string | undefined) => Promise<void>;
}

/** One key. Rotating and revoking stop a program that uses it, so both ask once more first. */
export function ApiKeyRow({ apiKey, onChange }: ApiKeyRowProps) {
  const { skillett } = useApi();
  const { id, name, scopes, agent_id } = apiKey;
  // A person's own key may do what the person may; an agent's should be narrower.
  const warning = keyWarning(
    { scopes: agent_id === undefined ? [] : scopes, expiresAt: apiKey.expires_at },
    Date.now(),
  );
  const [asked, ask] = useState<"rotate" | "revoke">();
  const change = useMutation({
    mutationFn: async (what: "rotate" | "revoke") => {
      if (what === "rotate") return (await skillett.rotateApiKey({ params: { id } })).full_key;
      await skillett.revokeApiKey({ params: { id } });
      return undefined;
    },
    async onSuccess(secret) {
      ask(undefined);
      await onChange(secret);
    },
  });
  return (
    <li className="flex flex-col gap-2">
      <p className="min-w-0 break-words">
        {name}
        <span className="block text-sm text-quiet">{standingOf(apiKey, Date.now())}</span>
        <span className="block text-sm text-quiet">
          {scopes.map(scopeInWords).join("; ")}
          {agent_id && (
            <>
              {" · "}
              <TextLink to="/dashboard/agents/$id" params={{ id: agent_id }}>
                of an agent
              </TextLink>
            </>
          )}
        </span>
        {warning !== undefined && <span className="block text-sm text-wrong">{warning}</span>}
      </p>
      <div className="flex flex-wrap gap-3">
        {asked ? (
          <>
            <Button busy={change.isPending} onClick={() => change.mutate(asked)}>
              {asked === "rotate" ? `Replace ${name} now` : `Revoke ${name} now`}
            </Button>
            <Button variant="secondary" onClick={() => ask(undefined)}>
              Keep it
            </Button>
          </>
        ) : (
          <>
            <Button variant="secondary" aria-label={`Rotate ${name}`} onClick={() => ask("rotate")}>
              Rotate
            </Button>
            <Button variant="secondary" aria-label={`Revoke ${name}`} onClick={() => ask("revoke")}>
              Revoke
            </Button>
          </>
        )}
      </div>
      <Notice error={change.error} />
    </li>
  );
}

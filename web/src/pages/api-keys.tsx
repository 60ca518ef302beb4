import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { apiKeysQuery, useApi } from "#web/api/api.js";
import { Notice } from "#web/components/notice.js";
import { Card, Page } from "#web/components/page.js";
import { ApiKeyRow } from "#web/keys/api-key-row.js";
import { FreshKey } from "#web/keys/fresh-key.js";
import { NewApiKeyForm } from "#web/keys/new-api-key-form.js";

/** A person's own keys: a list, a form for a new one, and a button to revoke each. */
export function ApiKeysPage() {
  const api = useApi();
  const queries = useQueryClient();
  const { data, error } = useQuery(apiKeysQuery(api));
  const [fresh, setFresh] = useState<string>();
  const keys = data?.filter(({ revoked_at }) => revoked_at === null);

  async function onMade(secret: string | undefined) {
    setFresh(secret);
    await queries.invalidateQueries(apiKeysQuery(api));
  }

  return (
    <Page title="API keys">
      <p>Programs call with a key in your name, with your accounts. Give each program a key of its own.</p>
      <Card>
        {keys?.length === 0 && <p className="text-quiet">You have none.</p>}
        {keys?.length !== 0 && (
          <ul className="flex flex-col gap-4">
            {keys?.map((key) => <ApiKeyRow key={key.id} apiKey={key} onChange={onMade} />) ?? (
              <li className="min-h-11 text-quiet">…</li>
            )}
          </ul>
        )}
        <Notice error={error} />
        {fresh && <FreshKey key={fresh} secret={fresh} user="program" />}
        <NewApiKeyForm onMade={onMade} />
      </Card>
    </Page>
  );
}

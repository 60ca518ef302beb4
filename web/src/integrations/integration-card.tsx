import { useState } from "react";
import type { Connection, Integration } from "#web/api/api.js";
import { Button } from "#web/components/button.js";
import { Card } from "#web/components/page.js";
import { ConnectForm } from "#web/integrations/connect-form.js";
import { ConnectionRow } from "#web/integrations/connection-row.js";

interface IntegrationCardProps {
  integration: Integration;
  connections: Connection[];
}

/** A service with its accounts, and the way to connect one. */
export function IntegrationCard({ integration, connections }: IntegrationCardProps) {
  const [connecting, setConnecting] = useState<{ account?: Connection }>();
  const { name, description, connected } = integration;
  const needsAccount = connections.length > 0 || !connected;
  return (
    <Card title={name}>
      <p className="text-quiet">{description}</p>
      {connections.length > 0 && (
        <ul className="flex flex-col gap-4">
          {connections.map((connection) => (
            <ConnectionRow
              key={connection.id}
              connection={connection}
              onReconnect={() => setConnecting({ account: connection })}
            />
          ))}
        </ul>
      )}
      {!needsAccount && <p className="text-good">It needs no account: agents can call it right away.</p>}
      {connecting && (
        <ConnectForm
          key={connecting.account?.id ?? "new"}
          integration={integration}
          reconnects={connecting.account}
          onDone={() => setConnecting(undefined)}
        />
      )}
      {!connecting && needsAccount && (
        <Button
          variant="secondary"
          aria-label={connections.length === 0 ? `Connect ${name}` : `Connect another account of ${name}`}
          onClick={() => setConnecting({})}
        >
          {connections.length === 0 ? "Connect" : "Connect another account"}
        </Button>
      )}
    </Card>
  );
}

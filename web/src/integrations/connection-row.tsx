import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Connection, connectionsQuery, integrationsQuery, meQuery, useApi } from "#web/api/api.js";
import { Button } from "#web/components/button.js";
import { Notice } from "#web/components/notice.js";

interface ConnectionRowProps {
  connection: Connection;
  onReconnect: () => void;
}

/** One account: its state, and the actions on it. Disconnecting asks once more first. */
export function ConnectionRow({ connection, onReconnect }: ConnectionRowProps) {
  const { data: me } = useQuery(meQuery(useApi()));
  const { account, status } = connection;
  const isOwn = connection.profile_id === me?.profile.id;
  const mayDisconnect = isOwn || me?.permissions.includes("connections:*") === true;
  const works = status === "connected";
  return (
    <li className="flex flex-col gap-2">
      <p className="min-w-0 break-words">
        {account}
        <span className={`block text-sm ${works ? "text-good" : "text-wrong"}`}>
          {works ? "Connected" : "Does not work any more: connect it again"}
          {standing(connection, isOwn) && (
            <span className="text-quiet"> · {standing(connection, isOwn)}</span>
          )}
        </span>
      </p>
      <div className="flex flex-wrap gap-3">
        {isOwn && (
          <Button
            variant={works ? "secondary" : "primary"}
            aria-label={`Connect ${account} again`}
            onClick={onReconnect}
          >
            Connect again
          </Button>
        )}
        {mayDisconnect && <DisconnectButton connection={connection} />}
      </div>
    </li>
  );
}

function standing({ default: isDefault, shared }: Connection, isOwn: boolean): string {
  const parts = [
    isDefault ? "used when a call names no account" : "",
    shared ? (isOwn ? "shared with your tenant" : "shared by a colleague") : "",
  ];
  return parts.filter((word) => word !== "").join(" · ");
}

function DisconnectButton({ connection: { id, account } }: { connection: Connection }) {
  const api = useApi();
  const queries = useQueryClient();
  const [isSure, setSure] = useState(false);
  const disconnect = useMutation({
    mutationFn: () => api.skillett.disconnect({ params: { connectionId: id } }),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries(connectionsQuery(api)),
        queries.invalidateQueries(integrationsQuery(api)),
      ]),
  });
  if (!isSure) {
    return (
      <Button variant="secondary" aria-label={`Disconnect ${account}`} onClick={() => setSure(true)}>
        Disconnect
      </Button>
    );
  }
  return (
    <>
      <Button busy={disconnect.isPending} onClick={() => disconnect.mutate()}>
        Disconnect {account} now
      </Button>
      <Button variant="secondary" onClick={() => setSure(false)}>
        Keep it
      </Button>
      <Notice error={disconnect.error} />
    </>
  );
}

import { callbackPage } from "#api/callback-page.js";
import type { Connecting } from "#connections/connecting.js";
import type { Managing } from "#connections/managing.js";
import type { SignIn } from "#connections/sign-in.js";
import type { Contract } from "#contract/contract.js";
import type { Api, Output } from "#contract/route.js";
import type { Caller } from "#core/caller.js";
import { type Clock, isoTime } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import { pageHeaders } from "#core/html.js";
import { attemptStatus } from "#store/connect-attempts.js";
import { connectionStatus } from "#store/connection-status.js";
import type { Profiles } from "#store/profiles.js";
import type { ConnectAttemptRow, ConnectionRow } from "#store/tables.js";

type Names =
  | "connect"
  | "getConnect"
  | "cancelConnect"
  | "callback"
  | "listConnections"
  | "updateConnection"
  | "disconnect";

export interface ConnectionsDeps {
  connecting: Connecting;
  managing: Managing;
  signIn: SignIn;
  profiles: Profiles;
  clock: Clock;
}

export function connectionsApi(deps: ConnectionsDeps): Pick<Api<Contract>, Names> {
  const { connecting, managing, signIn, profiles, clock } = deps;
  return {
    async connect({ caller, body, signal }) {
      const { integration, credentials, scopes, connection, shared = false } = body;
      const request = { integration, credentials, scopes, connection, shared };
      const result = await connecting(caller, request, signal);
      if ("oauthUrl" in result) return { connection_id: result.connectionId, oauth_url: result.oauthUrl };
      return { connection_id: result.connected.id, status: "connected", account: result.connected.account };
    },
    async getConnect({ caller, params: { connectionId } }) {
      const attempt = await signIn.get(caller, connectionId);
      if (attempt) return toAttempt(attempt, clock());
      const { id, integration, status, account } = await managing.get(caller, connectionId);
      const good = status === connectionStatus.connected;
      return { status: good ? "connected" : "error", integration, connection_id: id, account };
    },
    async cancelConnect({ caller, params: { connectionId } }) {
      const attempt = await signIn.get(caller, connectionId);
      if (!attempt) throw new SkillettError("not_found", { facts: { resource: "Sign-in" } });
      await signIn.cancel(attempt);
    },
    async callback({ query }) {
      const outcome = await signIn.finish(query);
      const profile = outcome.kind === "connected" ? await profiles.get(outcome.profileId) : undefined;
      const { status, html } = callbackPage(outcome, profile?.display_name ?? profile?.email ?? undefined);
      return { status, body: html, headers: pageHeaders };
    },
    async listConnections({ caller, query }) {
      const { everyone = false, integration, unused_days: unusedDays, profile } = query;
      const rows = await managing.list(caller, { everyone, integration, unusedDays, profile });
      return { connections: rows.map((row) => toConnection(row, caller)) };
    },
    async updateConnection({ caller, params, body }) {
      const row = await managing.update(caller, params.connectionId, body);
      const { id, integration, account } = row;
      return { connection_id: id, integration, account, ...flags(row, caller) };
    },
    async disconnect({ caller, params }) {
      const { connection, revoked, message } = await managing.disconnect(caller, params.connectionId);
      const { id, integration } = connection;
      return {
        connection_id: id,
        integration,
        status: "disconnected",
        revoked,
        ...(message === undefined ? {} : { message }),
      };
    },
  };
}

function toAttempt(attempt: ConnectAttemptRow, now: number): Output<Contract["getConnect"]> {
  const { integration, status, connection_id, account, error, expires_at } = attempt;
  if (status === attemptStatus.connected) {
    return { status: "connected", integration, connection_id: connection_id!, account: account! };
  }
  if (status === attemptStatus.error) return { status: "error", integration, message: error! };
  if (expires_at > now) return { status: "pending", integration };
  return { status: "error", integration, message: "Nobody signed in within ten minutes." };
}

function toConnection(row: ConnectionRow, caller: Caller) {
  return {
    id: row.id,
    integration: row.integration,
    account: row.account,
    status: row.status,
    ...flags(row, caller),
    profile_id: row.profile_id,
    scopes: JSON.parse(row.scopes) as string[],
    created_at: isoTime(row.created_at),
    last_used_at: isoTime(row.last_used_at),
  };
}

/** Somebody else's default is not the caller's. */
const flags = ({ is_default, is_shared, profile_id }: ConnectionRow, { profileId }: Caller) => ({
  default: is_default === 1 && profile_id === profileId,
  shared: is_shared === 1,
});

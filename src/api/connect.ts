import { callbackPage } from "#api/callback-page.js";
import { confirmPage } from "#api/confirm-page.js";
import type { CatalogOf } from "#catalog/catalog.js";
import type { ConnectAccount } from "#connections/connect-account.js";
import { endOf } from "#connections/connect-command.js";
import type { ConnectionManager } from "#connections/connection-manager.js";
import { callbackPath, clientDocumentOf } from "#connections/own-client.js";
import type { SignIn } from "#connections/sign-in.js";
import { uncheckedHint } from "#connections/unasked-account.js";
import type * as routes from "#contract/connect.js";
import { callback } from "#contract/connect.js";
import type { Contract } from "#contract/contract.js";
import type { Api, Output, RawReply } from "#contract/route.js";
import type { Clock } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import { pageHeaders } from "#core/html.js";
import type { Accounts } from "#identity/accounts.js";
import type { AgentRows } from "#store/agent-rows.js";
import { attemptStatus } from "#store/connect-attempt-rows.js";
import { connectionStatus } from "#store/connection-status.js";
import type { ProfileRows } from "#store/profile-rows.js";
import type { ConnectAttemptRow } from "#store/schema/tables.js";

export interface ConnectDeps {
  catalogOf: CatalogOf;
  connectAccount: ConnectAccount;
  accounts: Accounts;
  connectionManager: ConnectionManager;
  signIn: SignIn;
  profiles: ProfileRows;
  agentRows: Pick<AgentRows, "find">;
  publicUrl: () => string;
  clock: Clock;
}

/** Connecting an account, and what follows once a person has been sent to sign in at a service. */
export function createConnectApi({
  catalogOf,
  connectAccount,
  accounts,
  connectionManager,
  signIn,
  profiles,
  agentRows,
  publicUrl,
  clock,
}: ConnectDeps): Api<typeof routes> {
  async function comeBack(
    path: string,
    query: Record<string, unknown>,
    { cookie }: { cookie?: string },
  ): Promise<RawReply> {
    const session = cookie === undefined ? undefined : await accounts.session(new Headers({ cookie }));
    const outcome = await signIn.finish(path, query, session?.profileId);
    const profile = outcome.kind === "connected" ? await profiles.get(outcome.profileId) : undefined;
    const { status, html } = callbackPage(outcome, profile?.display_name ?? profile?.email ?? undefined);
    return { status, body: html, headers: pageHeaders };
  }

  return {
    async connect({ caller, body, signal }) {
      const { integration, credentials, scopes, connection, settings, shared = false } = body;
      const request = { integration, credentials, scopes, connection, settings, shared };
      const result = await connectAccount(caller, request, signal);
      if ("oauthUrl" in result) return { connection_id: result.attemptId, oauth_url: result.oauthUrl };
      const { id, account, auth_method: method } = result.connected;
      const described = (await catalogOf(caller)).integration(integration);
      const ends = endOf(described, method);
      const hint = uncheckedHint(described);
      return {
        connection_id: id,
        status: "connected",
        account,
        ...(ends && { ends }),
        ...(hint && { hint }),
      };
    },
    async getConnect({ caller, params: { connectionId: id } }) {
      const attempt = await signIn.get(caller, id);
      if (attempt) {
        const described = (await catalogOf(caller)).known.get(attempt.integration);
        return toAttempt(attempt, clock(), described && uncheckedHint(described));
      }
      const { integration, status, account } = await connectionManager.get(caller, id);
      const good = status === connectionStatus.connected;
      return { status: good ? "connected" : "error", integration, connection_id: id, account };
    },
    async cancelConnect({ caller, params: { connectionId: attemptId } }) {
      const attempt = await signIn.get(caller, attemptId);
      if (!attempt) throw new SkillettError("not_found", { facts: { resource: "Sign-in" } });
      await signIn.cancel(attempt);
    },
    callback: ({ query, headers }) => comeBack(callback.path, query, headers),
    ownCallback: ({ params: { client }, query, headers }) => comeBack(callbackPath(client), query, headers),
    clientDocument: ({ params: { client } }) => clientDocumentOf(publicUrl(), client),
    async confirmConnect({ params: { connectionId: attemptId }, headers: { cookie } }) {
      const session = cookie === undefined ? undefined : await accounts.session(new Headers({ cookie }));
      if (!session) {
        const location = `/sign-in?next=${encodeURIComponent(`/connect/${attemptId}`)}`;
        return { status: 302, body: "", headers: { ...pageHeaders, location } };
      }
      const asked = await signIn.confirm(session.profileId, attemptId);
      const agent = asked.kind === "ask" ? await agentRows.find(asked.tenantId, asked.agentId) : undefined;
      const { status, html } = confirmPage(asked, agent);
      return { status, body: html, headers: pageHeaders };
    },
  };
}

type Attempt = Output<Contract["getConnect"]>;

function toAttempt(attempt: ConnectAttemptRow, now: number, hint: Attempt["hint"]): Attempt {
  const { integration, status, connection_id, account, error, expires_at } = attempt;
  if (status === attemptStatus.connected) {
    const connected = { integration, connection_id: connection_id!, account: account! };
    return { status: "connected", ...connected, ...(hint && { hint }) };
  }
  if (status === attemptStatus.error) return { status: "error", integration, message: error! };
  if (expires_at > now) return { status: "pending", integration };
  return { status: "error", integration, message: "Nobody signed in within ten minutes." };
}

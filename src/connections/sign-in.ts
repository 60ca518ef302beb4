import type { Account } from "#catalog/answer/account.js";
import type { CatalogOf } from "#catalog/catalog.js";
import type { Integration } from "#catalog/integration.js";
import type { SettingValues } from "#catalog/setting.js";
import { providerAt } from "#catalog/settings.js";
import { type CallbackAnswer, readCallback } from "#connections/callback-answer.js";
import { withTokens } from "#connections/credential.js";
import { identify, isAccountOf } from "#connections/identify.js";
import type { OAuth, OAuthClient } from "#connections/oauth.js";
import type { ProviderClients } from "#connections/provider-clients.js";
import type { SaveConnection } from "#connections/save.js";
import { printable, TokenRefused } from "#connections/token-failure.js";
import { uncheckedHint } from "#connections/unasked-account.js";
import { agentOf, type Principal } from "#core/caller.js";
import type { Clock } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import { newId } from "#core/ids.js";
import { RequestSignal } from "#core/request-signal.js";
import { attemptStatus, type ConnectAttemptRows } from "#store/connect-attempt-rows.js";
import type { ConnectionRows } from "#store/connection-rows.js";
import type { ConnectAttemptRow, ConnectionRow } from "#store/schema/tables.js";
import { sealedRow } from "#store/vault/sealed-columns.js";
import type { Vault } from "#store/vault/vault.js";
import type { Upstream } from "#upstream/send.js";

/** How long a person has to sign in. */
export const signInMs = 10 * 60_000;

export interface SignInRequest {
  integration: Integration;
  /** Name of an auth method with an authorization-code grant. */
  method: string;
  client: OAuthClient;
  scopes: string[];
  /** Only this account will do. */
  reconnects: ConnectionRow | undefined;
  shared: boolean;
  /** Settings that the person gave. */
  settings: SettingValues;
}

/** The result of a sign-in, for the page behind the callback. */
export type SignInOutcome =
  | { kind: "connected"; service: string; account: string; profileId: string; remark: string | undefined }
  /** The link is not one of ours, was changed, was used, or has expired. */
  | { kind: "invalid" | "used" | "expired" | "other_person" | "signed_out" }
  | { kind: "denied"; service: string; command: string }
  | { kind: "failed"; service: string; message: string; command: string };

/** The question to a person about a sign-in that an agent asked for, or why there is none. */
export type Confirmation =
  | {
      kind: "ask";
      service: string;
      tenantId: string;
      agentId: string;
      scopes: string[];
      settings: SettingValues;
      /** SECRET: whoever has its `state` can end the sign-in with an account of their own. */
      oauthUrl: string;
    }
  | { kind: "used" | "expired" | "other_person" };

/** Signing in at a provider: the browser goes there with our link, and comes back to `/callback`. */
export interface SignIn {
  /**
   * For an agent the link leads to a page of ours, which only its person can open: with the provider's own, an agent could
   * sign in there itself and have its person's browser bring the answer.
   */
  begin(caller: Principal, request: SignInRequest): Promise<{ attemptId: string; oauthUrl: string }>;
  /** Only reads: the link on the page leads on to the provider. */
  confirm(profileId: string, attemptId: string): Promise<Confirmation>;
  /**
   * Never throws for a query that a browser brings: the person gets a page.
   *
   * @param path of the address that the browser came to
   * @param visitor profile of the person who is signed in to us in that browser: only their own attempt is accepted
   * then
   */
  finish(path: string, query: Record<string, unknown>, visitor: string | undefined): Promise<SignInOutcome>;
  /** The caller's own attempt; for an agent, one of that agent. */
  get(caller: Principal, attemptId: string): Promise<ConnectAttemptRow | undefined>;
  cancel(attempt: ConnectAttemptRow): Promise<void>;
}

interface Deps {
  catalogOf: CatalogOf;
  attempts: ConnectAttemptRows;
  connections: ConnectionRows;
  clients: ProviderClients;
  oauth: OAuth;
  upstream: Upstream;
  save: SaveConnection;
  vault: Vault;
  /** Where a person confirms the sign-in that an agent asked for. */
  confirmUrl: (attemptId: string) => string;
  clock: Clock;
}

/** Authenticated data a state is sealed for: it opens nowhere else. */
const stateRow = "connect_attempts/state";

export function createSignIn(deps: Deps): SignIn {
  const { attempts, clients, oauth, vault, clock } = deps;

  /** Sealed, so that it can be neither read nor made by others; it names one attempt of one person. */
  const sealState = ({ tenant_id, id }: ConnectAttemptRow) => vault.seal(`${tenant_id} ${id}`, stateRow);

  async function openState(state: string): Promise<ConnectAttemptRow | "invalid" | "expired"> {
    const opened = await vault.open(state, stateRow).catch(() => undefined);
    if (opened === undefined) return "invalid";
    const [tenantId = "", id = ""] = opened.split(" ");
    // Attempts are cleared away a day after they have ended.
    return (await attempts.get(tenantId, id)) ?? "expired";
  }

  /** It may have been switched off since, which a sign-in under way does not feel. */
  async function integrationOf({ tenant_id, integration: slug }: ConnectAttemptRow): Promise<Integration> {
    const catalog = await deps.catalogOf({ tenantId: tenant_id });
    return catalog.known.get(slug) ?? catalog.integration(slug);
  }

  async function fail(attempt: ConnectAttemptRow, error: string): Promise<void> {
    await attempts.end(attempt, { ...noAccount, status: attemptStatus.error, error });
  }

  /** The attempt is taken, so that no other request has it; after this call it has ended, with or without success. */
  async function complete(attempt: ConnectAttemptRow, answer: Arrival): Promise<SignInOutcome> {
    const integration = await integrationOf(attempt);
    const { name: service, slug } = integration;
    const command = `skillett connect ${slug}`;
    if (answer.error === "access_denied") {
      await fail(attempt, `Access to ${service} was denied.`);
      return { kind: "denied", service, command };
    }
    try {
      const { id, account } = await connect(deps, integration, attempt, answer);
      await attempts.end(attempt, {
        status: attemptStatus.connected,
        connection_id: id,
        account,
        error: null,
      });
      const remark = uncheckedHint(integration)?.message;
      return { kind: "connected", service, account, profileId: attempt.profile_id, remark };
    } catch (error) {
      const message = explain(error);
      await fail(attempt, message);
      if (message === internal) throw error;
      return { kind: "failed", service, message, command };
    }
  }

  return {
    async begin(caller, { integration, method, client, scopes, reconnects, shared, settings }) {
      const now = clock();
      const id = newId("conn");
      const row: ConnectAttemptRow = {
        tenant_id: caller.tenantId,
        id,
        profile_id: caller.profileId,
        integration: integration.slug,
        auth_method: method,
        status: attemptStatus.pending,
        scopes: JSON.stringify(scopes),
        settings: JSON.stringify(settings),
        is_shared: shared ? 1 : 0,
        reconnects: reconnects?.id ?? null,
        agent_id: agentOf(caller),
        box: "",
        ...noAccount,
        error: null,
        expires_at: now + signInMs,
        created_at: now,
      };
      const { url, verifier } = await oauth.authorizeUrl(client, {
        scopes,
        state: sealState(row),
        // With settings, the name of a connection has more than the account's.
        loginHint: reconnects?.settings === "{}" ? reconnects.account : undefined,
      });
      const byAgent = agentOf(caller) !== null;
      const secret = byAgent ? `${verifier} ${url}` : verifier;
      const box = vault.seal(secret, sealedRow.connectAttempt(caller.tenantId, id));
      await attempts.insert({ ...row, box });
      return { attemptId: id, oauthUrl: byAgent ? deps.confirmUrl(id) : url };
    },

    async confirm(profileId, id) {
      const attempt = await attempts.getOwn(profileId, id);
      if (!attempt || attempt.agent_id === null) return { kind: "other_person" };
      if (attempt.status !== attemptStatus.pending) return { kind: "used" };
      if (attempt.expires_at <= clock()) return { kind: "expired" };
      return {
        kind: "ask",
        service: (await integrationOf(attempt)).name,
        tenantId: attempt.tenant_id,
        agentId: attempt.agent_id,
        scopes: JSON.parse(attempt.scopes),
        settings: JSON.parse(attempt.settings),
        oauthUrl: (await openBox(vault, attempt)).oauthUrl,
      };
    },

    async finish(path, query, visitor) {
      const answer = readCallback(query);
      const attempt = answer.state === undefined ? "invalid" : await openState(answer.state);
      if (typeof attempt === "string") return { kind: attempt };
      if (attempt.status !== attemptStatus.pending) return { kind: "used" };
      if (attempt.expires_at <= clock()) return { kind: "expired" };
      if (visitor === undefined && attempt.agent_id !== null) return { kind: "signed_out" };
      if (visitor !== undefined && visitor !== attempt.profile_id) return { kind: "other_person" };
      if (!(await attempts.take(attempt))) return { kind: "used" };
      return complete(attempt, { ...answer, path });
    },

    async get(caller, id) {
      const attempt = await attempts.get(caller.tenantId, id);
      const agentId = agentOf(caller);
      const isOwn =
        attempt?.profile_id === caller.profileId && (agentId === null || attempt.agent_id === agentId);
      return isOwn ? attempt : undefined;
    },
    cancel: (attempt) => attempts.cancel(attempt, "The sign-in was given up."),
  };

  async function connect(
    { connections, upstream, save }: Deps,
    integration: Integration,
    attempt: ConnectAttemptRow,
    answer: Arrival,
  ): Promise<ConnectionRow> {
    if (answer.problem) throw new TokenRefused("invalid_request", answer.problem, true);
    const method = attempt.auth_method;
    const given: SettingValues = JSON.parse(attempt.settings);
    const provider = providerAt(integration, method, given);
    const client = await clients.find(provider);
    if (!client) throw clients.notConfigured(provider, []);
    const { verifier } = await openBox(vault, attempt);
    const callback = new URL(`${client.callbackUrl}?${new URLSearchParams(answer.params)}`);
    // The code is of another provider than the one that it would go to. @see RFC 9700 §4.4
    if (!callback.pathname.endsWith(answer.path)) throw new TokenRefused("invalid_request", strayed, true);
    const tokens = await oauth.exchangeCode(client, { callback, state: answer.state!, verifier });
    const credential = withTokens({}, tokens);
    const unproven = { integration, method, credential, given, answer: tokens.answer };
    const { account, settings } = await identify(upstream, unproven, new RequestSignal());
    if (attempt.reconnects !== null) {
      await refuseOtherAccount(connections, attempt, integration, account, settings);
    }
    return save({
      mayReplace: attempt.agent_id === null ? "any" : "broken",
      owner: attempt,
      id: attempt.id,
      integration,
      method,
      account,
      credential,
      renewAt: tokens.renewAt,
      scopes: tokens.scopes ?? JSON.parse(attempt.scopes),
      settings,
      shared: attempt.is_shared === 1,
    });
  }
}

const strayed = "The browser came back to the address of another service";

/** An answer, and the path of the address that a browser brought it to. */
type Arrival = CallbackAnswer & { path: string };

async function openBox(vault: Vault, { tenant_id, id, box }: ConnectAttemptRow) {
  const [verifier = "", oauthUrl = ""] = (
    await vault.open(box, sealedRow.connectAttempt(tenant_id, id))
  ).split(" ");
  return { verifier, oauthUrl };
}

const noAccount = { connection_id: null, account: null };
const internal = "Something went wrong on our side.";

function explain(error: unknown): string {
  if (error instanceof SkillettError && error.code !== "internal") return error.message;
  return error instanceof TokenRefused ? `${error.message}.` : internal;
}

async function refuseOtherAccount(
  connections: ConnectionRows,
  { tenant_id, reconnects }: ConnectAttemptRow,
  { name }: Integration,
  account: Account,
  settings: SettingValues,
): Promise<void> {
  const expected = await connections.get(tenant_id, reconnects!);
  if (expected && isAccountOf(expected, account, settings)) return;
  throw new SkillettError("conflict", {
    message: `You signed in to ${name} as ${printable(account.name)}, but ${expected?.account ?? "another account"} was to be reconnected. Nothing has changed: sign out at ${name}, or choose the other account there, and try again.`,
  });
}

import { isOpenToAll, isTyped } from "#catalog/auth-method.js";
import type { CatalogOf } from "#catalog/catalog.js";
import type { AuthMethod, Grant, Integration } from "#catalog/integration.js";
import { type Credential, checkCredentialFields } from "#catalog/request/authorize.js";
import { gatherKeyFile, readKeyFile } from "#catalog/request/key-file.js";
import type { SettingValues } from "#catalog/setting.js";
import { providerAt, type ReadSettings, reachedBy, readSettings } from "#catalog/settings.js";
import { connectByCredential, findSignIn } from "#connections/connect-command.js";
import { grantedScopes, withTokens } from "#connections/credential.js";
import { identify, isAccountOf } from "#connections/identify.js";
import { machineTokens } from "#connections/machine-tokens.js";
import type { OAuth } from "#connections/oauth.js";
import type { ProviderClients } from "#connections/provider-clients.js";
import type { SaveConnection } from "#connections/save.js";
import type { SignIn } from "#connections/sign-in.js";
import { TokenRefused } from "#connections/token-failure.js";
import {
  type Caller,
  isCaller,
  type Principal,
  refuseAgent,
  refuseUnlessPermitted,
  refuseUnlessWhole,
  refuseUntouched,
} from "#core/caller.js";
import { badRequest, SkillettError } from "#core/errors.js";
import { newId } from "#core/ids.js";
import type { RequestSignal } from "#core/request-signal.js";
import type { ConnectionRows } from "#store/connection-rows.js";
import type { ConnectionRow } from "#store/schema/tables.js";
import type { Upstream } from "#upstream/send.js";

export interface ConnectRequest {
  integration: string;
  /** The fields that a person filled in; left out to sign in by browser. SECRET. */
  credentials: Credential | undefined;
  /** Scopes to request in place of the integration's own. */
  scopes: string[] | undefined;
  /** Id or account of the connection to renew. */
  connection: string | undefined;
  shared: boolean;
  /** Values for the settings of the base URL. */
  settings: SettingValues | undefined;
}

/** Either it is connected, or the person has to sign in at `oauthUrl` first. */
export type Connect = { connected: ConnectionRow } | { attemptId: string; oauthUrl: string };

/** How accounts are connected. A credential is stored when the service has said whose it is, never before. */
export type ConnectAccount = (
  caller: Principal,
  request: ConnectRequest,
  signal: RequestSignal,
) => Promise<Connect>;

interface Deps {
  catalogOf: CatalogOf;
  connections: ConnectionRows;
  clients: ProviderClients;
  oauth: OAuth;
  signIn: SignIn;
  save: SaveConnection;
  upstream: Upstream;
}

export function createConnectAccount(deps: Deps): ConnectAccount {
  return async (caller, request, signal) => {
    const integration = (await deps.catalogOf(caller)).integration(request.integration);
    if (isCaller(caller) && caller.agentId !== null) refuseBeyondAsking(caller, request);
    else refuseUnlessWhole(caller, integration.slug);
    if (request.shared) refuseUnlessPermitted(caller, "connections:*");
    const reconnects = await connectionToRenew(deps, caller, request);
    const known = reconnects && (JSON.parse(reconnects.settings) as SettingValues);
    const read: ReadFor = (method) =>
      readSettings(reachedBy(integration, method), request.settings ?? {}, known);
    return request.credentials
      ? { connected: await byCredential(deps, caller, integration, request, read, reconnects, signal) }
      : bySigningIn(deps, caller, integration, request, read, reconnects);
  };
}

/** The settings that were given, for a way to connect. */
type ReadFor = (method: string) => ReadSettings;

const askPerson =
  "It may ask for a sign-in: leave out credentials, connection and shared, and give the link in the answer to the person, who confirms it. They connect accounts on the page /dashboard/integrations. By MCP, the tool connector_request asks them to.";

/**
 * An agent only asks for an account that it may use; its person decides who connects it, and whether it replaces
 * another.
 */
function refuseBeyondAsking(
  caller: Caller,
  { integration, credentials, connection, shared }: ConnectRequest,
): void {
  refuseUntouched(caller, integration);
  if (credentials !== undefined) refuseAgent(caller, "hand in credentials", askPerson);
  if (connection !== undefined) refuseAgent(caller, "replace an account that is connected", askPerson);
  if (shared) refuseAgent(caller, "share an account", askPerson);
}

/** The connection to renew, which must be the caller's own. */
async function connectionToRenew(
  { connections }: Deps,
  { tenantId, profileId }: Principal,
  { integration, connection: name }: ConnectRequest,
): Promise<ConnectionRow | undefined> {
  if (name === undefined) return undefined;
  const own = await connections.list({ tenantId, profileId, integration });
  const found = own.find(({ id }) => id === name) ?? own.find(({ account }) => account === name);
  if (found) return found;
  throw new SkillettError("not_found", {
    message: `You have no ${integration} connection ${name}.`,
    next: ["skillett connections"],
  });
}

async function bySigningIn(
  { clients, connections, signIn }: Deps,
  caller: Principal,
  integration: Integration,
  { scopes, shared }: ConnectRequest,
  read: ReadFor,
  reconnects: ConnectionRow | undefined,
): Promise<Connect> {
  const found = await findSignIn(clients, integration);
  if (!found) {
    if (!isOpenToAll(integration)) {
      refuseAgent(caller, "connect an account that takes a credential", "Its person connects it.");
    }
    throw cannotSignIn(clients, integration, read);
  }
  const { method, scopes: usual } = found;
  const settings = read(method);
  refuseSettings(integration, settings);
  const client = { ...found.client, provider: providerAt(integration, method, settings.values) };
  await refuseFull(connections, caller, integration);
  return signIn.begin(caller, {
    integration,
    method,
    client,
    scopes: scopes ?? (reconnects && grantedScopes(reconnects)) ?? usual,
    reconnects,
    shared,
    settings: settings.values,
  });
}

function refuseSettings({ slug, settings }: Integration, { issues }: ReadSettings): void {
  if (issues.length === 0) return;
  const missing = Object.keys(settings).filter((name) => issues.some(({ at }) => at === `settings.${name}`));
  const flags = missing.map((name) => ` --setting ${name}=…`);
  throw badRequest(issues, { next: [`skillett connect ${slug}${flags.join("")}`] });
}

/**
 * Refuses before a sign-in whose connection would be beyond the plan. With an account of this integration it may be
 * one that is connected already, which takes no place: then saving decides.
 */
async function refuseFull(
  connections: ConnectionRows,
  { tenantId, profileId, plan }: Principal,
  { slug }: Integration,
): Promise<void> {
  if (plan.connections === null) return;
  const own = await connections.list({ tenantId, profileId });
  if (own.length < plan.connections || own.some(({ integration }) => integration === slug)) return;
  throw new SkillettError("plan_limit_reached", {
    facts: { limit: plan.connections, resource: "connections" },
  });
}

function cannotSignIn(clients: ProviderClients, integration: Integration, read: ReadFor): SkillettError {
  const { auth } = integration;
  const methods = Object.values(auth);
  if (isOpenToAll(integration)) return needsNoAccount(integration);
  const typed = Object.entries(auth).find(([, method]) => isTyped(method));
  const grant = methods.find((method) => method.grant?.type === "authorization_code")?.grant;
  const next = typed ? [connectByCredential(integration)] : [];
  if (grant) return clients.notConfigured(grant.provider, next);
  const issues = [...read(typed![0]).issues, ...checkCredentialFields(integration, typed![0], {})];
  return badRequest(issues, { next });
}

function needsNoAccount({ slug, name }: Integration): SkillettError {
  const message = `${name} needs no account: call it right away.`;
  return badRequest([{ at: "integration", message }], { message, next: [`skillett skills ${slug}`] });
}

async function byCredential(
  { oauth, save, upstream }: Deps,
  caller: Principal,
  integration: Integration,
  { credentials, scopes, shared }: ConnectRequest,
  read: ReadFor,
  reconnects: ConnectionRow | undefined,
  signal: RequestSignal,
): Promise<ConnectionRow> {
  const { method, given } = fittingMethod(integration, credentials!, read);
  const settings = read(method);
  refuseSettings(integration, settings);
  const { grant } = integration.auth[method]!;
  if (scopes && !grant) {
    const message = "have no place here: what is typed in was given its scopes at the service";
    throw badRequest([{ at: "scopes", message }]);
  }
  const requestedScopes = scopes ?? grant?.scopes ?? [];
  const own = grant && { ...grant, provider: providerAt(integration, method, settings.values) };
  const tokens = own
    ? await firstTokens(oauth, own, integration.auth[method]!, given, requestedScopes)
    : undefined;
  const credential = tokens ? withTokens(given, tokens) : given;
  const unproven = { integration, method, credential, given: settings.values, answer: tokens?.answer };
  const { account, settings: complete } = await identify(upstream, unproven, signal);
  if (reconnects && !isAccountOf(reconnects, account, complete)) {
    throw new SkillettError("conflict", {
      message: `This credential is of ${account.name}, but ${reconnects.account} was to be reconnected. Nothing has changed.`,
    });
  }
  return save({
    mayReplace: "any",
    owner: { tenant_id: caller.tenantId, profile_id: caller.profileId },
    id: newId("conn"),
    integration,
    method,
    account,
    credential,
    renewAt: tokens?.renewAt ?? null,
    scopes: tokens?.scopes ?? requestedScopes,
    settings: complete,
    shared,
  });
}

async function firstTokens(
  oauth: OAuth,
  grant: Grant,
  { fields }: AuthMethod,
  credential: Credential,
  scopes: string[],
) {
  try {
    return await machineTokens(oauth, grant, credential, scopes);
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    if (error.code === "invalid_scope") throw badRequest([{ at: "scopes", message: error.message }]);
    const names = Object.keys(fields);
    const which = names.length > 1 ? "they belong together and are" : "it is";
    const message = `${error.message}. Check that ${which} still good`;
    throw badRequest(names.map((field) => ({ at: `credentials.${field}`, message })));
  }
}

/** The auth method whose fields were given, with what is kept of them (SECRET). @throws bad_request that names the fields to give, when they fit none */
function fittingMethod(
  integration: Integration,
  credentials: Credential,
  read: ReadFor,
): { method: string; given: Credential } {
  const methods = Object.entries(integration.auth).filter(([, method]) => isTyped(method));
  if (methods.length === 0) {
    if (isOpenToAll(integration)) throw needsNoAccount(integration);
    const message = `${integration.name} takes no credentials`;
    throw badRequest([{ at: "credentials", message }], { next: [`skillett connect ${integration.slug}`] });
  }
  const found = methods
    .map(([method, { fields, grant }]) => ({
      method,
      fields,
      grant,
      given: gatherKeyFile(grant, Object.keys(fields), credentials),
    }))
    .find(({ fields, given }) => Object.keys(given).some((field) => field in fields));
  const [first, { grant: its }] = methods[0]!;
  const { method, given, grant } = found ?? { method: first, given: credentials, grant: its };
  const issues = checkCredentialFields(integration, method, given);
  if (issues.length > 0)
    throw badRequest([...read(method).issues, ...issues], { next: [connectByCredential(integration)] });
  return { method, given: grant?.type === "jwt_bearer" ? readKeyFile(grant, given) : given };
}

import { isTyped } from "#catalog/auth-method.js";
import type { AuthMethod, Integration } from "#catalog/integration.js";
import type { OAuthClient } from "#connections/oauth.js";
import type { ProviderClients } from "#connections/provider-clients.js";

/** The command that connects an account of this integration on this server, as it is set up. */
export async function connectCommand(clients: ProviderClients, integration: Integration): Promise<string> {
  if (await findSignIn(clients, integration)) return `skillett connect ${integration.slug}`;
  return connectByCredential(integration);
}

/** The first way to connect by browser that is set up on this server: its name, and our OAuth client there. */
export async function findSignIn(
  clients: ProviderClients,
  { auth }: Integration,
): Promise<{ method: string; client: OAuthClient; scopes: string[] } | undefined> {
  for (const [method, { grant }] of Object.entries(auth)) {
    if (grant?.type !== "authorization_code") continue;
    const client = await clients.find(grant.provider);
    if (client) return { method, client, scopes: grant.scopes };
  }
  return undefined;
}

/** The day from which a service takes credentials of a kind no more. */
export interface End {
  /** `2027-04-30`. */
  on: string;
  message: string;
  /** The commands that connect in another way. */
  next: string[];
}

/** The end of a way to connect; undefined when nothing is known of one. */
export function endOf(integration: Integration, method: string): End | undefined {
  const { ends } = integration.auth[method] ?? {};
  if (!ends) return undefined;
  const { on, text, instead } = ends;
  const message = `From ${on} on ${integration.name} takes this kind of credential no more: ${text}`;
  if (instead === null) return { on, message, next: [] };
  const other = integration.auth[instead]!;
  const next = isTyped(other) ? byCredential(integration, other) : `skillett connect ${integration.slug}`;
  return { on, message, next: [next] };
}

/** The command that connects with a credential that a person has. */
export function connectByCredential(integration: Integration): string {
  return byCredential(integration, Object.values(integration.auth).find(isTyped));
}

function byCredential({ slug }: Integration, typed: AuthMethod | undefined): string {
  const onlyToken = Object.keys(typed?.fields ?? {}).join() === "token";
  return `skillett connect ${slug} ${onlyToken ? "--token" : "--credentials"} -`;
}

import { isTyped } from "#catalog/auth-method.js";
import type { Integration } from "#catalog/integration.js";
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

/** The command that connects with a credential that a person has. */
export function connectByCredential({ slug, auth }: Integration): string {
  const typed = Object.values(auth).find(isTyped);
  const onlyToken = Object.keys(typed?.fields ?? {}).join() === "token";
  return `skillett connect ${slug} ${onlyToken ? "--token" : "--credentials"} -`;
}

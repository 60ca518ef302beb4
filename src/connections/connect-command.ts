import type { AuthMethod, Integration } from "#catalog/integration.js";
import type { ProviderClients } from "#connections/provider-clients.js";

/** The command that connects an account of this integration on this server, as it is set up. */
export async function connectCommand(clients: ProviderClients, integration: Integration): Promise<string> {
  if (await signInMethod(clients, integration)) return `skillett connect ${integration.slug}`;
  return connectByCredential(integration);
}

/** The first way to connect by browser that is set up on this server. */
export async function signInMethod(
  clients: ProviderClients,
  { auth }: Integration,
): Promise<string | undefined> {
  for (const [name, { grant }] of Object.entries(auth)) {
    if (grant?.type === "authorization_code" && (await clients.find(grant.provider))) return name;
  }
  return undefined;
}

/** The command that connects with what a person has in hand. */
export function connectByCredential({ slug, auth }: Integration): string {
  const typed = Object.values(auth).find(isTyped);
  const onlyToken = Object.keys(typed?.fields ?? {}).join() === "token";
  return `skillett connect ${slug} ${onlyToken ? "--token" : "--credentials"} -`;
}

/** Does a person give it, rather than sign in? */
export function isTyped({ fields }: AuthMethod): boolean {
  return Object.keys(fields).length > 0;
}

/** Calls need no credential at all. */
export function isOpen({ fields, grant }: AuthMethod): boolean {
  return grant === null && Object.keys(fields).length === 0;
}

import type { Client } from "#client/client.js";

/** Revokes the key the client speaks with. */
export async function revokeOwnKey(client: Client, signal: AbortSignal): Promise<void> {
  const { api_key } = await client.whoami({ signal });
  await client.revokeApiKey({ params: { id: api_key.id }, signal });
}

/** Enough of a key to tell it from others; null when that would be most of it. */
export function shownPrefix(apiKey: string): string | null {
  return /^(sk_[0-9a-f]{8})[0-9a-f]{8}/.exec(apiKey)?.[1] ?? null;
}

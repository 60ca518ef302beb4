import { protectedResourceMetadata } from "#contract/protected-resource.js";

/**
 * `WWW-Authenticate` of a 401 at `/mcp`: how a client finds out where to sign in.
 *
 * @param presented there was a credential, which is not good, or not any more
 * @see RFC 9728 §5.1, RFC 6750 §3
 */
export function mcpChallenge(publicUrl: string, presented: boolean): string {
  const why = presented ? 'error="invalid_token", ' : "";
  const metadata = publicUrl + protectedResourceMetadata.path;
  return `Bearer realm="skillett", ${why}resource_metadata="${metadata}", scope="*"`;
}

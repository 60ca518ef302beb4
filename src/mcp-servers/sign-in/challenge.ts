import { extractWWWAuthenticateParams } from "@modelcontextprotocol/client";
import type { AnswerHead } from "#upstream/send.js";

/** The answer of a server to somebody without a token, as far as it tells how to get one. */
export interface Challenge {
  /** Where its metadata is; null for the well-known addresses. @see RFC 9728 §5.1 */
  metadataUrl: string | null;
  /** Scopes to ask for; null where those of the metadata are meant. @see RFC 6750 §3 */
  scope: string | null;
}

const maxLength = 2_000;

export function readChallenge({ headers }: Pick<AnswerHead, "headers">): Challenge {
  const header = [headers["www-authenticate"] ?? []]
    .flat()
    .join(", ")
    .slice(0, 2 * maxLength);
  if (!/^[\x20-\x7e]*$/.test(header)) return { metadataUrl: null, scope: null };
  const answer = new Response(null, { headers: { "www-authenticate": header } });
  const { resourceMetadataUrl, scope = null } = extractWWWAuthenticateParams(answer);
  const href = resourceMetadataUrl?.href ?? null;
  return { metadataUrl: href !== null && href.length <= maxLength ? href : null, scope };
}

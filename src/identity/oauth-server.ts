import type { IncomingMessage, ServerResponse } from "node:http";
import type { Provider } from "oidc-provider";
import type { OAuthServerDeps } from "#identity/oauth-deps.js";

/**
 * The authorization server for MCP clients: OAuth 2.1 with PKCE, clients that register themselves or are known by
 * a document of theirs, opaque tokens. oidc-provider, on our tables.
 *
 * @see docs/decisions/0013-oauth-server.md
 */
export interface OAuthServer {
  /** Answers a request below the issuer. `url` is the path from there on, with the query. */
  handle(request: IncomingMessage, response: ServerResponse, url: string, address: string): Promise<void>;
  /** The engine behind it, for the decisions of a person. */
  provider(): Promise<Provider>;
}

export const issuerOf = (publicUrl: string) => `${publicUrl}/oauth`;
/** The resource that tokens are issued for. @see RFC 8707 */
export const resourceOf = (publicUrl: string) => `${publicUrl}/mcp`;

export function createOAuthServer(deps: OAuthServerDeps): OAuthServer {
  let made: Promise<Provider> | undefined;
  const provider = () => {
    made ??= load(deps);
    return made;
  };
  let answer: ReturnType<Provider["callback"]> | undefined;

  return {
    provider,
    async handle(request, response, url, address) {
      answer ??= (await provider()).callback();
      const own = new URL(issuerOf(deps.publicUrl()));
      // The operator sets our address; a client could send any `Host`.
      Object.assign(request.headers, {
        "x-forwarded-host": own.host,
        "x-forwarded-proto": own.protocol.slice(0, -1),
        "x-forwarded-for": address,
      });
      Object.assign(request, { url, baseUrl: own.pathname });
      await answer(request, response);
    },
  };
}

/** At the first request: to load it takes longer than all the rest of a start. */
async function load(deps: OAuthServerDeps): Promise<Provider> {
  const { createOAuthEngine } = await import("#identity/oauth-engine.js");
  const url = deps.publicUrl();
  return createOAuthEngine({ ...deps, issuer: issuerOf(url), resource: resourceOf(url) });
}

import type { FastifyBaseLogger } from "fastify";
import { oauthErrorPage } from "#api/oauth-page.js";
import type { Catalog } from "#catalog/catalog.js";
import type { Clock } from "#core/clock.js";
import type { Authenticate } from "#identity/authenticate.js";
import { createAuthenticateMcp, createAuthenticateToken } from "#identity/authenticate-token.js";
import { type Authorizations, createAuthorizations } from "#identity/authorizations.js";
import { createOAuthServer, type OAuthServer, resourceOf } from "#identity/oauth-server.js";
import type { Throttle } from "#identity/throttle.js";
import { createAgentRows } from "#store/agent-rows.js";
import type { Database } from "#store/engine/database.js";
import { createOAuthArtifactRows, type OAuthArtifactRows } from "#store/oauth-artifact-rows.js";
import type { OAuthGrantRows } from "#store/oauth-grant-rows.js";
import type { Vault } from "#store/vault/vault.js";

interface Parts {
  catalog: Catalog;
  database: Database;
  vault: Vault;
  grants: OAuthGrantRows;
  authenticate: Authenticate;
  throttle: Throttle;
  /** SECRET. */
  cookieKey: string;
  fetchDocument: typeof fetch;
  publicUrl: () => string;
  clock: Clock;
  logger: FastifyBaseLogger;
}

export interface OAuthParts {
  oauth: OAuthServer;
  authorizations: Authorizations;
  /** Of API keys and of access tokens, for `/mcp`. */
  authenticateMcp: Authenticate;
  artifacts: OAuthArtifactRows;
  scopesSupported: string[];
}

/** Letting remote MCP clients in. */
export function wireOAuth(parts: Parts): OAuthParts {
  const { catalog, database, vault, grants, authenticate, throttle, publicUrl, clock, logger } = parts;
  const { integrations } = catalog;
  const artifacts = createOAuthArtifactRows(database, vault);
  const scopesSupported = ["*", ...[...integrations.keys()].flatMap((slug) => [slug, `${slug}:read`])];
  const oauth = createOAuthServer({
    artifacts,
    grants,
    throttle,
    clock,
    cookieKey: parts.cookieKey,
    integrations,
    scopesSupported,
    publicUrl,
    fetchDocument: parts.fetchDocument,
    errorPage: oauthErrorPage,
    onError: (error) => logger.error({ err: error }, "the authorization server failed"),
  });
  const byToken = createAuthenticateToken({
    grants,
    vault,
    resource: () => resourceOf(publicUrl()),
    throttle,
    clock,
  });
  return {
    oauth,
    artifacts,
    scopesSupported,
    authenticateMcp: createAuthenticateMcp(authenticate, byToken),
    authorizations: createAuthorizations({
      database,
      server: oauth,
      artifacts,
      grants,
      agents: createAgentRows(database),
      integrations,
      clock,
    }),
  };
}

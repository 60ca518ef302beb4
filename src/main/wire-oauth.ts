import type { FastifyBaseLogger } from "fastify";
import { oauthErrorPage } from "#api/oauth-page.js";
import type { Catalog } from "#catalog/catalog.js";
import type { Clock } from "#core/clock.js";
import type { IntegrationsOf } from "#core/scopes.js";
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
  shared: () => Catalog;
  integrationsOf: IntegrationsOf;
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
  scopesSupported: () => string[];
}

/** Letting remote MCP clients in. */
export function wireOAuth(parts: Parts): OAuthParts {
  const { shared, database, vault, grants, throttle, publicUrl, clock, logger } = parts;
  const artifacts = createOAuthArtifactRows(database, vault);
  const integrations = () => shared().integrations;
  const scopesSupported = () => scopesOf(integrations());
  const oauth = createOAuthServer({
    artifacts,
    grants,
    throttle,
    clock,
    cookieKey: parts.cookieKey,
    shared: integrations,
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
    authenticateMcp: createAuthenticateMcp(parts.authenticate, byToken),
    authorizations: createAuthorizations({
      database,
      server: oauth,
      artifacts,
      grants,
      agents: createAgentRows(database),
      integrationsOf: parts.integrationsOf,
      clock,
    }),
  };
}

const scopesOf = (integrations: Catalog["integrations"]) => [
  "*",
  ...[...integrations.keys()].flatMap((slug) => [slug, `${slug}:read`]),
];

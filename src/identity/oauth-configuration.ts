import type { ClientMetadata, Configuration, ErrorOut, KoaContextWithOIDC } from "oidc-provider";
import { InvalidScope, InvalidTarget } from "oidc-provider/lib/helpers/errors.js";
import { Check, Prompt } from "oidc-provider/lib/helpers/interaction_policy/index.js";
import { pageHeaders } from "#core/html.js";
import { checkScopes, type Scopeable } from "#core/scopes.js";
import { fetchClientDocument } from "#identity/client-document.js";
import { decisionCookie } from "#identity/decision-cookie.js";
import { createOAuthAdapter } from "#identity/oauth-adapter.js";
import { tidyClient } from "#identity/oauth-clients.js";
import type { ErrorPage, OAuthServerDeps } from "#identity/oauth-deps.js";
import { oauthSigningKey } from "#identity/oauth-signing-key.js";
import { networkOf } from "#identity/throttle.js";

const hour = 3600;
const lifetimes = {
  AccessToken: hour,
  AuthorizationCode: 60,
  RefreshToken: 30 * 24 * hour,
  Interaction: hour,
  // Neither is kept by oidc-provider: a session not at all, and a grant lasts until it is revoked.
  Session: hour,
  Grant: 30 * 24 * hour,
};

/** Documents of clients that one network makes us ask for. */
const documents = { max: 60, windowSeconds: 600 };

const off = { enabled: false };

type Deps = OAuthServerDeps & { resource: string };

/** Sets every option, also those that are as by default: the library warns on stderr of each that is not set. */
export function oauthConfiguration(deps: Deps): Configuration {
  const { cookieKey, errorPage, fetchDocument } = deps;
  return {
    ...settled,
    adapter: createOAuthAdapter(deps),
    jwks: { keys: [oauthSigningKey(cookieKey)] },
    scopes: deps.scopesSupported(),
    cookies: { ...cookies, keys: [cookieKey] },
    interactions: {
      policy: [alwaysAsk()],
      url: (ctx, { uid }) => startDeciding(ctx, uid, deps.publicUrl()),
    },
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    loadExistingGrant: async ({ oidc }) => {
      const grantId = oidc.result?.consent?.grantId;
      return grantId ? oidc.provider.Grant.find(grantId) : undefined;
    },
    // Pages that may not ask have been turned away before. @see cors.ts
    clientBasedCORS: () => true,
    renderError: (ctx, out) => renderError(ctx, out, errorPage),
    fetch: fetchClientDocument(fetchDocument),
    features: features(deps),
  };
}

const settled: Configuration = {
  clients: [],
  claims: {},
  responseTypes: ["code"],
  subjectTypes: ["public"],
  clientAuthMethods: ["none", "client_secret_basic", "client_secret_post"],
  clientDefaults: { id_token_signed_response_alg: "ES256" },
  extraClientMetadata: {
    // The hook is called for each of these; one will do.
    properties: ["software_id"],
    validator: (_ctx, _key, _value, metadata: ClientMetadata) => tidyClient(metadata),
  },
  pkce: { required: () => true },
  clockTolerance: 0,
  ttl: lifetimes,
  routes: {
    authorization: "/authorize",
    token: "/token",
    registration: "/register",
    revocation: "/revoke",
    jwks: "/jwks",
  },
  expiresWithSession: () => false,
  issueRefreshToken: () => true,
  rotateRefreshToken: () => true,
  revokeGrantPolicy: () => true,
};

const cookies: Configuration["cookies"] = {
  names: {
    session: "skillett.oauth_session",
    interaction: "skillett.oauth",
    resume: "skillett.oauth_resume",
  },
  long: { httpOnly: true, sameSite: "lax" },
  short: { httpOnly: true, sameSite: "lax" },
};

function features({ throttle, resource, shared }: Deps): Configuration["features"] {
  return {
    devInteractions: off,
    dPoP: off,
    deviceFlow: off,
    introspection: off,
    pushedAuthorizationRequests: off,
    rpInitiatedLogout: off,
    userinfo: off,
    registration: { enabled: true, initialAccessToken: false, issueRegistrationAccessToken: false },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      useGrantedResource: () => true,
      getResourceServerInfo: (ctx, requested) => resourceServer(ctx, requested, resource, shared()),
    },
    clientIdMetadataDocument: {
      enabled: true,
      ack: "draft-02",
      allowFetch: async (ctx) => {
        // Without a request, it is the person who decides that we look it up for.
        if (!ctx) return true;
        return (await throttle.take(`client-document/${networkOf(ctx.ip)}`, documents)).allowed;
      },
      allowClient: () => true,
    },
  };
}

/** No consent is taken for granted, whatever was allowed before. */
function alwaysAsk() {
  return new Prompt(
    { name: "consent", requestable: true },
    new Check("undecided", "the person has not decided yet", ({ oidc }) => !oidc.result?.consent),
  );
}

/** To our page. The cookie is for the address of this decision alone, so that several may be under way at once. */
function startDeciding(ctx: KoaContextWithOIDC, uid: string, publicUrl: string): string {
  ctx.cookies.set(decisionCookie, uid, {
    path: `/api/authorizations/${uid}`,
    httpOnly: true,
    sameSite: "strict",
    signed: false,
    maxAge: lifetimes.Interaction * 1000,
  });
  return `${publicUrl}/consent?uid=${encodeURIComponent(uid)}`;
}

/** The only resource there is. Its scopes are those of keys: as many as there are endpoints and patterns of them. */
function resourceServer(
  { oidc }: KoaContextWithOIDC,
  requested: string,
  resource: string,
  integrations: Scopeable,
) {
  if (requested !== resource) throw new InvalidTarget(`the resource of this server is ${resource}`);
  const asked = [...oidc.requestParamScopes];
  const [issue] = checkScopes(asked, integrations, (index) => asked[index]!);
  if (issue)
    throw new InvalidScope(issue.message.replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "?"), issue.at);
  const granted = oidc.entities.Grant?.getResourceScope(resource) ?? "";
  return {
    scope: [...new Set([...granted.split(" ").filter(Boolean), ...asked])].join(" "),
    audience: resource,
  };
}

function renderError(ctx: KoaContextWithOIDC, out: ErrorOut, errorPage: ErrorPage): void {
  ctx.set(pageHeaders);
  ctx.body = errorPage({ code: out.error, description: out.error_description });
}

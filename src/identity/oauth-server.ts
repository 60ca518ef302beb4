import type { IncomingMessage, ServerResponse } from "node:http";
import type { KoaContextWithOIDC, Provider } from "oidc-provider";
import type { Clock } from "#core/clock.js";
import type { Scopeable } from "#core/scopes.js";
import type { ErrorPage } from "#identity/oauth-configuration.js";
import { networkOf, type Throttle, type ThrottleRule } from "#identity/throttle.js";
import type { OAuthArtifacts } from "#store/oauth-artifacts.js";
import type { OAuthGrants } from "#store/oauth-grants.js";

/**
 * The authorization server for MCP clients: OAuth 2.1 with PKCE, clients that register themselves or are known by
 * a document of theirs, opaque tokens. oidc-provider, on our tables.
 *
 * @see docs/decisions/0013-oauth-server.md
 */
export interface OAuthServer {
  /** Answers a request below the issuer. `url` is the path from there on, with the query. */
  handle(request: IncomingMessage, response: ServerResponse, url: string, address: string): Promise<void>;
  /** The engine behind it, for what a person decides. */
  provider(): Promise<Provider>;
}

export interface OAuthServerDeps {
  artifacts: OAuthArtifacts;
  grants: OAuthGrants;
  throttle: Throttle;
  clock: Clock;
  /** SECRET: signs the cookies of requests under way. */
  cookieKey: string;
  /** What a scope may name. */
  integrations: Scopeable;
  scopesSupported: string[];
  publicUrl: () => string;
  /** Gets a client's document, through the egress guard and without following redirects. */
  fetchDocument: typeof fetch;
  errorPage: ErrorPage;
  onError: (error: unknown) => void;
}

export const issuerOf = (publicUrl: string) => `${publicUrl}/oauth`;
/** What tokens are for. @see RFC 8707 */
export const resourceOf = (publicUrl: string) => `${publicUrl}/mcp`;

/** What anybody can make us store, by network: clients, and requests that wait for a person. */
const limits: Record<string, ThrottleRule> = {
  "POST /register": { max: 30, windowSeconds: 3600 },
  "GET /authorize": { max: 120, windowSeconds: 600 },
};

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
      // Where we are is for the operator to say, not for whoever sends a `Host`.
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
  const [{ Provider }, { oauthConfiguration }] = await Promise.all([
    import("oidc-provider/lib/provider.js"),
    import("#identity/oauth-configuration.js"),
  ]);
  const url = deps.publicUrl();
  const provider = new Provider(issuerOf(url), oauthConfiguration({ ...deps, resource: resourceOf(url) }));
  provider.proxy = true;
  // Koa would print what goes wrong.
  provider.silent = true;
  provider.on("server_error", (_ctx, error) => deps.onError(error));
  provider.use(async (ctx, next) => {
    ctx.set({ "referrer-policy": "no-referrer", "x-content-type-options": "nosniff" });
    if (!(await isWithinLimit(ctx as never, deps))) return;
    if (ctx.path === "/authorize") ctx.query = completed(ctx.query);
    await next();
    if (ctx.path.startsWith("/.well-known/") && ctx.status === 200) describe(ctx as never, deps);
  });
  return provider;
}

type Query = Record<string, string | string[] | undefined>;

/** Without scopes all is asked for, which the person can narrow. They are asked anyhow: no `prompt` but `none` counts. */
function completed({ prompt, ...query }: Query): Query {
  return { scope: "*", ...query, ...(prompt === "none" ? { prompt } : {}) };
}

async function isWithinLimit(ctx: KoaContextWithOIDC, { throttle }: OAuthServerDeps): Promise<boolean> {
  const rule = limits[`${ctx.method} ${ctx.path}`];
  if (!rule) return true;
  const bucket = `oauth${ctx.path}/${networkOf(ctx.ip)}`;
  const { allowed, retryAfterSeconds } = await throttle.take(bucket, rule);
  if (allowed) return true;
  ctx.status = 429;
  ctx.set("retry-after", String(retryAfterSeconds));
  ctx.body = {
    error: "temporarily_unavailable",
    error_description: "Too many requests from this network. Try again later.",
  };
  return false;
}

const described = [
  "issuer",
  "authorization_endpoint",
  "token_endpoint",
  "registration_endpoint",
  "revocation_endpoint",
  "jwks_uri",
  "response_types_supported",
  "grant_types_supported",
  // Not for OAuth, but clients that read documents of OpenID Connect want both.
  "subject_types_supported",
  "id_token_signing_alg_values_supported",
  "token_endpoint_auth_methods_supported",
  "code_challenge_methods_supported",
  "authorization_response_iss_parameter_supported",
  "client_id_metadata_document_supported",
];

/** Of what the library says of itself, what is so here. @see RFC 8414 §2 */
function describe(ctx: KoaContextWithOIDC, { scopesSupported, publicUrl }: OAuthServerDeps): void {
  const all = ctx.body as Record<string, unknown>;
  ctx.body = {
    ...Object.fromEntries(described.filter((name) => name in all).map((name) => [name, all[name]])),
    scopes_supported: scopesSupported,
    response_modes_supported: ["query"],
    revocation_endpoint_auth_methods_supported: all.token_endpoint_auth_methods_supported,
    protected_resources: [resourceOf(publicUrl())],
  };
}

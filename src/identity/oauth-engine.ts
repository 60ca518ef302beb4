import type { KoaContextWithOIDC } from "oidc-provider";
import { Provider } from "oidc-provider/lib/provider.js";
import { oauthConfiguration } from "#identity/oauth-configuration.js";
import type { OAuthServerDeps } from "#identity/oauth-deps.js";
import { networkOf, type ThrottleRule } from "#identity/throttle.js";

export interface OAuthEngineDeps extends OAuthServerDeps {
  issuer: string;
  /** The resource that tokens are issued for. @see RFC 8707 */
  resource: string;
}

/** Limits on rows that anybody can make us store, by network: clients, and requests that wait for a person. */
const limits: Record<string, ThrottleRule> = {
  "POST /register": { max: 30, windowSeconds: 3600 },
  "GET /authorize": { max: 120, windowSeconds: 600 },
};

/** oidc-provider, set up: all that needs it to be loaded. */
export function createOAuthEngine(deps: OAuthEngineDeps): Provider {
  const provider = new Provider(deps.issuer, oauthConfiguration(deps));
  provider.proxy = true;
  // Koa would print errors.
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

/**
 * A request without scopes asks for all, which the person can narrow. The person is always asked: of `prompt` only
 * `none` counts.
 */
function completed({ prompt, ...query }: Query): Query {
  return { scope: "*", ...query, ...(prompt === "none" ? { prompt } : {}) };
}

async function isWithinLimit(ctx: KoaContextWithOIDC, { throttle }: OAuthEngineDeps): Promise<boolean> {
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

/** Publishes those parts of the library's metadata that are true here. @see RFC 8414 §2 */
function describe(ctx: KoaContextWithOIDC, { scopesSupported, resource }: OAuthEngineDeps): void {
  const all = ctx.body as Record<string, unknown>;
  ctx.body = {
    ...Object.fromEntries(described.filter((name) => name in all).map((name) => [name, all[name]])),
    scopes_supported: scopesSupported(),
    response_modes_supported: ["query"],
    revocation_endpoint_auth_methods_supported: all.token_endpoint_auth_methods_supported,
    protected_resources: [resource],
  };
}

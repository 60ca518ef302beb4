import * as openid from "openid-client";
import type { AuthProvider } from "#catalog/provider.js";
import type { Credential } from "#catalog/request/authorize.js";
import { fillTemplate, placeholders } from "#catalog/template.js";
import { signAssertion } from "#connections/assertion.js";
import { rotatedToken, tokenFailure } from "#connections/token-failure.js";
import { createTokenFetch } from "#connections/token-fetch.js";
import type { ClientAuth } from "#core/client-auth.js";
import type { Clock } from "#core/clock.js";
import type { Upstream } from "#upstream/send.js";

/** SECRET. Our OAuth client at a provider. */
export interface OAuthClient {
  provider: AuthProvider;
  id: string;
  /** Empty for a public client. */
  secret: string;
  /** Where the provider sends people back to: an own address for each client that a tenant brings. */
  callbackUrl: string;
  /** How it proves itself: as the provider says, or as it was registered. */
  clientAuth: ClientAuth;
}

/** The client of a person or of a service account, whom nobody sends back. */
type MachineClient = Pick<OAuthClient, "provider" | "id" | "secret">;

/** SECRET. Tokens that a provider gave. */
export interface Tokens {
  accessToken: string;
  /** Undefined when the one we have stays, or there is none. */
  refreshToken: string | undefined;
  /** Shortly before the access token ends, in ms since the epoch; null when the provider does not say. */
  renewAt: number | null;
  /** Null when the provider does not say: then those that were requested. @see RFC 6749 §5.1 */
  scopes: string[] | null;
  /** SECRET. All that the provider answered. */
  answer: unknown;
}

/** A refresh gave a new refresh token, which must be kept, and no access token. */
export class RotatedOnly extends Error {
  /** SECRET. */
  readonly refreshToken: () => string;
  /** The error for the caller, since there is no access token. */
  readonly failure: Error;

  constructor(refreshToken: string, failure: Error) {
    super(failure.message);
    this.name = "RotatedOnly";
    this.refreshToken = () => refreshToken;
    this.failure = failure;
  }
}

/** The OAuth protocol, by openid-client. Differences between providers are their traits. */
export interface OAuth {
  /** Where the browser goes to sign in; `verifier` is SECRET and proves later that we sent it there. */
  authorizeUrl(
    client: OAuthClient,
    request: { scopes: string[]; state: string; loginHint: string | undefined },
  ): Promise<{ url: string; verifier: string }>;
  /** @throws SkillettError, `TokenRefused` */
  exchangeCode(
    client: OAuthClient,
    answer: { callback: URL; state: string; verifier: string },
  ): Promise<Tokens>;
  /** @throws SkillettError, `TokenRefused`, `RotatedOnly` */
  refresh(client: OAuthClient, refreshToken: string): Promise<Tokens>;
  /** The client is a person's own. @throws SkillettError, `TokenRefused`. @see RFC 6749 §4.4 */
  clientCredentials(client: MachineClient, scopes: string[]): Promise<Tokens>;
  /** The key is that of a person's service account. @throws SkillettError, `TokenRefused`. @see RFC 7523 §2.1 */
  jwtBearer(provider: AuthProvider, key: Credential, scopes: string[]): Promise<Tokens>;
}

interface Deps {
  upstream: Upstream;
  clock: Clock;
}

export function createOAuth({ upstream, clock }: Deps): OAuth {
  const tokenFetch = createTokenFetch(upstream);

  function configure(
    client: MachineClient & Partial<OAuthClient>,
    issuer = issuerOf(client.provider),
    authenticate = authentications[client.clientAuth ?? client.provider.clientAuth],
  ): openid.Configuration {
    const { provider } = client;
    const configuration = new openid.Configuration(
      {
        issuer,
        token_endpoint: provider.tokenUrl,
        ...(provider.authorizeUrl ? { authorization_endpoint: provider.authorizeUrl } : {}),
        authorization_response_iss_parameter_supported: provider.sendsIssuer,
      },
      client.id,
      client.secret === "" ? {} : { client_secret: client.secret },
      authenticate(client.secret),
    );
    // The egress guard decides which hosts may be reached without TLS.
    openid.allowInsecureRequests(configuration);
    configuration[openid.customFetch] = tokenFetch(provider);
    return configuration;
  }

  async function request(
    { provider }: MachineClient,
    grant: () => Promise<openid.TokenEndpointResponse>,
    { isOurs = true, isRefresh = false } = {},
  ): Promise<Tokens> {
    try {
      return toTokens(await grant(), clock());
    } catch (error) {
      const failure = tokenFailure(error, provider, isOurs);
      const rotated = rotatedToken(error);
      throw isRefresh && rotated !== undefined ? new RotatedOnly(rotated, failure) : failure;
    }
  }

  const scope = ({ provider }: MachineClient, scopes: string[]) =>
    scopes.length > 0 ? { [provider.scopeParam]: scopes.join(provider.scopeSeparator) } : {};

  return {
    async authorizeUrl(client, { scopes, state, loginHint }) {
      const { authorizeParams, pkce, loginHintParam } = client.provider;
      const verifier = openid.randomPKCECodeVerifier();
      const challenge = {
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      };
      const url = openid.buildAuthorizationUrl(configure(client), {
        redirect_uri: client.callbackUrl,
        ...scope(client, scopes),
        state,
        ...(pkce ? challenge : {}),
        ...(loginHintParam && loginHint ? { [loginHintParam]: loginHint } : {}),
        ...authorizeParams,
      });
      return { url: url.href, verifier };
    },
    exchangeCode: (client, { callback, state, verifier }) =>
      request(client, () =>
        openid.authorizationCodeGrant(
          configure(client, expectedIssuer(client.provider, callback)),
          callback,
          {
            expectedState: state,
            ...(client.provider.pkce ? { pkceCodeVerifier: verifier } : {}),
          },
          client.provider.tokenParams,
        ),
      ),
    refresh(client, refreshToken) {
      const { provider } = client;
      const { refreshUrl: tokenUrl, tokenParams, refreshParams } = provider;
      const own = Object.entries(refreshParams).map(([name, it]) => [
        name,
        fillTemplate(it, () => client.callbackUrl),
      ]);
      const parameters = { ...tokenParams, ...Object.fromEntries(own) };
      const configuration = configure({ ...client, provider: { ...provider, tokenUrl } });
      const grant = () => openid.refreshTokenGrant(configuration, refreshToken, parameters);
      return request(client, grant, { isRefresh: true });
    },
    clientCredentials(client, scopes) {
      const parameters = { ...client.provider.tokenParams, ...scope(client, scopes) };
      const grant = () => openid.clientCredentialsGrant(configure(client), parameters);
      return request(client, grant, { isOurs: false });
    },
    async jwtBearer(provider, key, scopes) {
      const client = { provider, id: key.issuer!, secret: "" };
      const assertion = await signAssertion(provider, key, scopes, clock());
      const inClaims = Object.values(provider.assertion.claims).some((claim) =>
        placeholders(String(claim)).includes("scope"),
      );
      const parameters = { ...provider.tokenParams, assertion, ...(inClaims ? {} : scope(client, scopes)) };
      const configuration = configure(client, issuerOf(provider), noClient);
      return request(client, () => openid.genericGrantRequest(configuration, jwtBearerGrant, parameters), {
        isOurs: false,
      });
    },
  };
}

/** @see RFC 6749 §2.3.1, RFC 8414 §2 `token_endpoint_auth_methods_supported` */
const authentications: Record<ClientAuth, (secret: string) => openid.ClientAuth> = {
  basic: openid.ClientSecretBasic,
  body: openid.ClientSecretPost,
  none: openid.None,
};

/** @see RFC 7523 §2.1 */
const jwtBearerGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/** The assertion itself says who asks. @see RFC 7521 §4.1 */
const noClient = () => () => {};

const issuerOf = ({ issuer, authorizeUrl, tokenUrl }: AuthProvider) =>
  issuer ?? new URL(authorizeUrl ?? tokenUrl).origin;

/** A provider without a known `issuer` may send any issuer on the origin where people sign in. */
function expectedIssuer(provider: AuthProvider, callback: URL): string {
  const iss = callback.searchParams.get("iss") ?? "";
  const home = issuerOf(provider);
  const atHome = provider.issuer === null && URL.canParse(iss) && new URL(iss).origin === home;
  return atHome ? iss : home;
}

function toTokens(answer: openid.TokenEndpointResponse, now: number): Tokens {
  const { access_token, refresh_token, expires_in, scope, provider_answer } = answer;
  return {
    accessToken: access_token,
    refreshToken: refresh_token,
    renewAt:
      expires_in === undefined ? null : Math.floor(now + expires_in * 1000 - marginMs(expires_in * 1000)),
    // Space is the rule, comma the exception some providers make: no scope has either in its name.
    answer: provider_answer,
    scopes: scope === undefined ? null : scope.split(/[\s,]+/).filter((word) => word !== ""),
  };
}

/** A minute, and of a short life only a tenth: a token that has just been renewed must count as fresh. */
const marginMs = (lifetimeMs: number) => Math.min(60_000, lifetimeMs / 10);

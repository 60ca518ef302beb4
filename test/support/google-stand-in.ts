import { createAuthorizationCodes } from "#support/authorization-codes.js";
import { type Consent, showConsent, takeConsent } from "#support/consent.js";
import { askAs, asUser, type Emulator, pick, startEmulator } from "#support/emulator.js";
import { gmailProfile, profilePath } from "#support/gmail-profile.js";
import { createCalendar } from "#support/google-calendar.js";
import { googleTokenEndpoint } from "#support/google-oauth.js";
import { allGoogleScopes, googleScopesAccepted } from "#support/google-scopes.js";
import { type GoogleUser, googleSeed, innerToken } from "#support/google-seed.js";
import { createIssuedTokens, type Grant, type IssuedTokens, newToken } from "#support/issued-tokens.js";
import {
  bearerToken,
  newClient,
  type OauthStandIn,
  oauthControls,
  providerSettings,
} from "#support/oauth-stand-in.js";
import { type Answer, type FrontRequest, startFront } from "#support/service-front.js";
import { answerTokenRequest, type TokenEndpoint } from "#support/token-endpoint.js";

export interface GoogleStandIn extends OauthStandIn {
  gmailUrl: string;
  calendarUrl: string;
  authorizeUrl: string;
  tokenUrl: string;
  revokeUrl: string;
  /** What `iss` is in its callbacks; undefined: not sent. */
  issuer: string | undefined;
  /** An access token without a sign-in. By default for everything. */
  mintToken(user?: GoogleUser, scopes?: string[]): string;
}

export interface GoogleOptions {
  port?: number;
  host?: string;
  /** Sent as `iss` along with the code. @see RFC 9207 */
  issuer?: string;
}

/**
 * Gmail, Google Calendar and Google's sign-in on loopback, from the `emulate` package behind a front that is as
 * strict as Google: tokens end, scopes count, and revoking one token ends all that the person gave the client.
 */
export async function startGoogle({ port, host, issuer }: GoogleOptions = {}): Promise<GoogleStandIn> {
  const client = newClient();
  const codes = createAuthorizationCodes(client);
  const tokens = createIssuedTokens({ accessPrefix: "ya29.", refreshPrefix: "1//", refreshing: "kept" });
  const endpoint = googleTokenEndpoint({ client, codes, tokens });
  let url = "";
  const emulator = await startEmulator("google", googleSeed, () => url);
  const answer = route(emulator, endpoint, {
    emulator,
    codes,
    userField: "email",
    scopesOf,
    issuer: () => issuer,
  });
  const front = await startFront({ port, host, tokenPath: paths.token, answer }).catch(async (error) => {
    await emulator.close();
    throw error;
  });
  url = front.url;
  const urls = { authorize: url + paths.authorize, token: url + paths.token, revoke: url + paths.revoke };
  const [gmailUrl, calendarUrl] = [url, `${url}/calendar/v3`];

  return {
    ...front,
    ...oauthControls(client, codes, tokens),
    gmailUrl,
    calendarUrl,
    authorizeUrl: urls.authorize,
    tokenUrl: urls.token,
    revokeUrl: urls.revoke,
    issuer,
    mintToken(user = "octocat@acme.example", scopes = allGoogleScopes) {
      const token = newToken("ya29.");
      tokens.add(token, { user, clientId: "", scopes });
      return token;
    },
    settings: () => ({
      ...providerSettings("GOOGLE", client, urls),
      SKILLETT_GMAIL_BASE_URL: gmailUrl,
      SKILLETT_GOOGLE_CALENDAR_BASE_URL: calendarUrl,
    }),
    async close() {
      await front.close();
      await emulator.close();
    },
  };
}

const paths = {
  authorize: "/o/oauth2/v2/auth",
  submit: "/o/oauth2/v2/auth/callback",
  token: "/oauth2/token",
  revoke: "/oauth2/revoke",
};

function scopesOf(params: URLSearchParams): string[] {
  return (params.get("scope") ?? "").split(" ").filter(Boolean);
}

function route(emulator: Emulator, endpoint: TokenEndpoint, consent: Consent) {
  const calendar = createCalendar();

  async function answerAs({ user }: Grant, request: FrontRequest): Promise<Answer> {
    const ask = askAs(emulator, innerToken(user));
    if (profilePath.test(request.url.pathname)) return gmailProfile(user, ask);
    const own = await calendar.answer(request, ask);
    if (own) return own;
    const { status, headers, text } = await emulator.send(asUser(request, innerToken(user)));
    return { status, headers: pick(headers, ["content-type"]), body: text || undefined };
  }

  return async (request: FrontRequest): Promise<Answer> => {
    const { pathname } = request.url;
    if (pathname === paths.authorize) return showConsent(consent, request);
    if (pathname === paths.submit) return takeConsent(consent, request);
    if (pathname === paths.token) return answerTokenRequest(endpoint, request);
    if (pathname === paths.revoke) return revocation(endpoint.tokens, request);
    const grant = endpoint.tokens.grantOf(bearerToken(request.headers.authorization) ?? "");
    if (!grant) return unauthorized;
    const accepted = googleScopesAccepted(request.method, pathname);
    const allowed = accepted.length === 0 || accepted.some((scope) => grant.scopes?.includes(scope));
    return allowed ? answerAs(grant, request) : insufficientScope(accepted);
  };
}

function revocation(tokens: IssuedTokens, { url, fields }: FrontRequest): Answer {
  const known = tokens.revokeGrant(fields.token ?? url.searchParams.get("token") ?? "");
  if (known) return { status: 200, body: {} };
  return {
    status: 400,
    body: { error: "invalid_token", error_description: "Token expired or revoked" },
  };
}

const challenge = 'Bearer realm="https://accounts.google.com/"';

const unauthorized: Answer = {
  status: 401,
  headers: { "www-authenticate": `${challenge}, error="invalid_token"` },
  body: {
    error: {
      code: 401,
      message: "Request had invalid authentication credentials.",
      errors: [
        {
          message: "Invalid Credentials",
          domain: "global",
          reason: "authError",
          location: "Authorization",
          locationType: "header",
        },
      ],
      status: "UNAUTHENTICATED",
    },
  },
};

function insufficientScope(accepted: string[]): Answer {
  return {
    status: 403,
    headers: {
      "www-authenticate": `${challenge}, error="insufficient_scope", scope="${accepted.join(" ")}"`,
    },
    body: {
      error: {
        code: 403,
        message: "Request had insufficient authentication scopes.",
        errors: [{ message: "Insufficient Permission", domain: "global", reason: "insufficientPermissions" }],
        status: "PERMISSION_DENIED",
        details: [
          {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            domain: "googleapis.com",
          },
        ],
      },
    },
  };
}

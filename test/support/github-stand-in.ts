import { createAuthorizationCodes } from "#support/authorization-codes.js";
import { type Consent, showConsent, takeConsent } from "#support/consent.js";
import { asUser, type Emulator, pick, startEmulator } from "#support/emulator.js";
import { githubTokenEndpoint, githubTokenRules, withAccept } from "#support/github-oauth.js";
import { allScopes, scopeRefusal, scopesAccepted } from "#support/github-scopes.js";
import { githubSeed, innerToken, type Login, seedIssues } from "#support/github-seed.js";
import { createIssuedTokens, type Grant, type IssuedTokens, newToken } from "#support/issued-tokens.js";
import {
  bearerToken,
  newClient,
  type OauthStandIn,
  oauthControls,
  providerSettings,
} from "#support/oauth-stand-in.js";
import { type Answer, type FrontRequest, startFront } from "#support/service-front.js";
import { answerTokenRequest, basicClient, type TokenEndpoint } from "#support/token-endpoint.js";

export interface GithubStandIn extends OauthStandIn {
  /** A personal access token (`ghp_…`) that works until revoked. By default with every scope. */
  mintToken(login?: Login, scopes?: string[]): string;
  revoke(token: string): void;
}

export interface GithubOptions {
  port?: number;
  host?: string;
  /** Signs in like a GitHub App: tokens announce that they end, and refresh tokens work once; no scopes. */
  expiringTokens?: boolean;
  /** Sent as `iss` along with the code: by default GitHub's path on this host. Null: not sent. @see RFC 9207 */
  issuer?: string | null;
}

/**
 * GitHub's REST API and sign-in on loopback, with `acme/webapp` and `acme/app` in it. The answers come from the
 * `emulate` package, which takes any bearer token; the front before it is as strict as GitHub: a token not
 * issued here, a token without the scope, a missing User-Agent is refused, and OAuth goes by the book. As on
 * GitHub, a login has 5,000 requests per hour.
 */
export async function startGithub(options: GithubOptions = {}): Promise<GithubStandIn> {
  const { port, host, expiringTokens = false, issuer } = options;
  const client = newClient();
  const codes = createAuthorizationCodes(client);
  const tokens = createIssuedTokens(githubTokenRules(expiringTokens));
  const endpoint = githubTokenEndpoint({ client, codes, tokens, expiringTokens });
  let url = "";
  const emulator = await startEmulator("github", githubSeed, () => url);
  const consent = {
    ...consentOf(emulator, endpoint, expiringTokens),
    issuer: () => (issuer === undefined ? `${url}/login/oauth` : (issuer ?? undefined)),
  };
  const answer = route({ emulator, tokens, endpoint, consent });
  const front = await seedIssues(emulator)
    .then(() => startFront({ port, host, tokenPath: paths.token, answer }))
    .catch(async (error: unknown) => {
      await emulator.close();
      throw error;
    });
  url = front.url;

  return {
    ...front,
    ...oauthControls(client, codes, tokens),
    mintToken(login = "octocat", scopes = allScopes) {
      const token = newToken("ghp_");
      tokens.add(token, { user: login, clientId: "", scopes });
      return token;
    },
    revoke: (token) => void tokens.revoke(token),
    settings: () => ({
      ...providerSettings("GITHUB", client, {
        authorize: url + paths.authorize,
        token: url + paths.token,
        revoke: `${url}/applications/${client.id}/token`,
      }),
      SKILLETT_GITHUB_BASE_URL: url,
    }),
    async close() {
      await front.close();
      await emulator.close();
    },
  };
}

const paths = {
  authorize: "/login/oauth/authorize",
  submit: "/login/oauth/callback",
  token: "/login/oauth/access_token",
};

function consentOf(emulator: Emulator, { codes }: TokenEndpoint, expiringTokens: boolean): Consent {
  const scopesOf = (params: URLSearchParams) => (params.get("scope") ?? "").split(/[\s,]+/).filter(Boolean);
  return { emulator, codes, userField: "login", scopesOf: expiringTokens ? () => null : scopesOf };
}

interface Parts {
  emulator: Emulator;
  tokens: IssuedTokens;
  endpoint: TokenEndpoint;
  consent: Consent;
}

function route({ emulator, tokens, endpoint, consent }: Parts) {
  return async (request: FrontRequest): Promise<Answer> => {
    const { pathname } = request.url;
    if (pathname === paths.authorize) return showConsent(consent, request);
    if (pathname === paths.submit) return takeConsent(consent, request);
    if (pathname === paths.token) return withAccept(request, answerTokenRequest(endpoint, request));
    if (!request.headers["user-agent"]) return { status: 403, body: noUserAgent };
    const [, id, what] = /^\/applications\/([^/]+)\/(token|grant)$/.exec(pathname) ?? [];
    if (id && request.method === "DELETE") return revocation(endpoint, request, id, what === "grant");
    const grant = tokens.grantOf(bearerToken(request.headers.authorization) ?? "");
    return grant ? answerAs(grant, emulator, request) : unauthorized(request);
  };
}

/** Takes the client's own credentials, not a token. */
function revocation(
  { client, tokens }: TokenEndpoint,
  request: FrontRequest,
  id: string,
  wholeGrant: boolean,
): Answer {
  const given = basicClient(request);
  if (given?.id !== client.id || given.secret !== client.secret) return unauthorized(request);
  const token = request.fields.access_token ?? "";
  const known = id === client.id && tokens.grantOf(token) !== undefined;
  if (!known) return refusal(404, "Not Found");
  if (wholeGrant) tokens.revokeGrant(token);
  else tokens.revoke(token);
  return { status: 204 };
}

async function answerAs({ user, scopes }: Grant, emulator: Emulator, request: FrontRequest): Promise<Answer> {
  const accepted = scopesAccepted(request.method, request.url.pathname);
  const scopeHeaders: Record<string, string> = scopes
    ? { "x-oauth-scopes": scopes.join(", "), "x-accepted-oauth-scopes": accepted.join(", ") }
    : {};
  const refused = scopes && scopeRefusal(request.url.pathname, scopes, accepted);
  if (refused) return { ...refusal(refused.status, refused.message), headers: scopeHeaders };
  const { status, headers, text } = await emulator.send(asUser(request, innerToken(user as Login)));
  const body = status >= 400 && text ? inGithubsShape(status, text) : text || undefined;
  return { status, headers: { ...pick(headers, passedBack), ...scopeHeaders }, body };
}

const docs = "https://docs.github.com/rest";

function refusal(status: number, message: string): Answer {
  return { status, body: { message, documentation_url: docs, status: String(status) } };
}

/** GitHub tells a wrong token from a missing one. */
function unauthorized({ headers }: FrontRequest): Answer {
  return refusal(401, headers.authorization ? "Bad credentials" : "Requires authentication");
}

const noUserAgent =
  "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.\n";

/** The emulator leaves out `status` and names its own documentation. */
function inGithubsShape(status: number, text: string): string {
  return JSON.stringify({ ...JSON.parse(text), documentation_url: docs, status: String(status) });
}

const passedBack = [
  "content-type",
  "link",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
  "x-ratelimit-resource",
];

import { backToClient, createAuthorizationCodes } from "#support/authorization-codes.js";
import { createIssuedTokens, newToken } from "#support/issued-tokens.js";
import {
  bearerToken,
  newClient,
  type OauthStandIn,
  oauthControls,
  providerSettings,
} from "#support/oauth-stand-in.js";
import { createRefreshWatch, type RefreshWatch } from "#support/refresh-watch.js";
import {
  type Answer,
  errorPage,
  type Fault,
  type FrontRequest,
  redirect,
  startFront,
} from "#support/service-front.js";
import {
  answerTokenRequest,
  basicClient,
  type TokenEndpoint,
  type TokenProblem,
} from "#support/token-endpoint.js";

export interface RotatingProvider extends OauthStandIn, Omit<RefreshWatch, "arrive" | "released"> {
  /** Who signs in next: there is no page to choose. Null: that person says no. */
  signsIn(user: Account | null): void;
  /** An access token without a sign-in. */
  mintToken(user?: Account): string;
  /** Ends every access and refresh token. */
  revokeAll(): void;
  /** Until `comeBack`, everything but the API meets this: by default 503. */
  goDown(fault?: Fault): void;
  comeBack(): void;
  /** Sent as it is, in place of the next success of the token endpoint, which has done its work by then. */
  nextTokenAnswer(answer: OddAnswer): void;
  /** How many requests came to the revocation endpoint. */
  revokeCount(): number;
}

export interface Account {
  id: number;
  name: string;
}

export interface RawAnswer {
  status?: number;
  /** By default JSON's content type. */
  headers?: Record<string, string>;
  body: string | Buffer;
}

/** An answer, or what becomes of the fields of a good one. */
export type OddAnswer = RawAnswer | ((good: Record<string, unknown>) => RawAnswer);

export interface RotatingOptions {
  /** How often a refresh token that was used may come back for the very same new tokens. By default never. */
  graceUses?: number;
  /** Seconds that access tokens announce. */
  expiresIn?: number;
  /** Sent as `iss` along with the code. @see RFC 9207 */
  issuer?: string;
}

/**
 * A service of our own for what the real ones do rarely: `/authorize` sends the browser straight back, `/token`
 * (and `/refresh`) rotates refresh tokens and ends the whole family when one comes back, `/revoke` is RFC 7009, `GET /json` with
 * a token answers `{id, name}` of the account. Clients prove themselves with Basic, and with PKCE. With
 * client credentials they get a token of the account `machine`, without a refresh token.
 */
export async function startRotatingProvider(options: RotatingOptions = {}): Promise<RotatingProvider> {
  const client = newClient();
  const codes = createAuthorizationCodes(client);
  const tokens = createIssuedTokens({ ...tokenRules, graceUses: options.graceUses ?? 0 });
  const endpoint = rotatingEndpoint({ client, codes, tokens }, options.expiresIn ?? 3600);
  const { arrive, released, ...watch } = createRefreshWatch();
  const state: State = { signedIn: octocat, down: undefined, odd: [], accounts: new Map(), revocations: 0 };
  accountId(state, machine);
  const answer = route({ endpoint, state, arrive, released, issuer: options.issuer });
  const front = await startFront({ tokenPath: "/token", answer });
  const { url } = front;

  return {
    ...front,
    ...oauthControls(client, codes, tokens),
    ...watch,
    signsIn(user) {
      state.signedIn = user;
    },
    mintToken(user = octocat) {
      const token = newToken(tokenRules.accessPrefix);
      tokens.add(token, { user: accountId(state, user), clientId: "", scopes: [] });
      return token;
    },
    revokeAll() {
      tokens.expireAll();
      tokens.revokeRefreshTokens();
    },
    goDown(fault = { status: 503, body: "Down for maintenance" }) {
      state.down = fault;
    },
    comeBack() {
      state.down = undefined;
    },
    nextTokenAnswer: (raw) => void state.odd.push(raw),
    revokeCount: () => state.revocations,
    settings: () => ({
      ...providerSettings("ODD", client, {
        authorize: `${url}/authorize`,
        token: `${url}/token`,
        revoke: `${url}/revoke`,
      }),
      SKILLETT_ODD_OAUTH_BASE_URL: url,
      SKILLETT_ODD_MACHINE_BASE_URL: url,
    }),
  };
}

const octocat: Account = { id: 1, name: "octocat" };
const machine: Account = { id: 1000, name: "machine" };
const tokenRules = { accessPrefix: "odd_", refreshPrefix: "oddr_", refreshing: "family" } as const;

interface State {
  signedIn: Account | null;
  down: Fault | undefined;
  odd: OddAnswer[];
  /** By id. */
  accounts: Map<string, Account>;
  revocations: number;
}

interface Parts extends Pick<RefreshWatch, "arrive" | "released"> {
  endpoint: TokenEndpoint;
  state: State;
  issuer: string | undefined;
}

function route(parts: Parts) {
  const { endpoint, state, arrive } = parts;
  return (request: FrontRequest): Fault | Promise<Fault> => {
    const { pathname } = request.url;
    if (pathname === "/json") return callApi(endpoint, state, request);
    if (request.fields.grant_type === "refresh_token") arrive();
    if (state.down) return state.down;
    if (pathname === "/authorize") return authorize(parts, request);
    if (pathname === "/token" || pathname === "/refresh") return answerToken(parts, request);
    if (pathname === "/revoke") return revoke(endpoint, state, request);
    return errorPage(404, "Not found");
  };
}

function authorize({ endpoint: { codes }, state, issuer }: Parts, { url }: FrontRequest): Answer {
  const scopes = (url.searchParams.get("scope") ?? "").split(" ").filter(Boolean);
  const begun = codes.begin(url.searchParams, scopes);
  if (typeof begun === "string") return errorPage(400, `Wrong ${begun}`);
  if (!begun.challenge) return redirect(backToClient(begun, { error: "invalid_request", iss: issuer }));
  if (!state.signedIn) return redirect(backToClient(begun, { error: "access_denied", iss: issuer }));
  const code = codes.issue(begun, accountId(state, state.signedIn));
  return redirect(backToClient(begun, { code, iss: issuer }));
}

async function answerToken({ endpoint, state, released }: Parts, request: FrontRequest): Promise<Answer> {
  const answer = answerTokenRequest(endpoint, request);
  if (request.fields.grant_type === "refresh_token") await released();
  const instead = answer.status === 200 ? state.odd.shift() : undefined;
  if (!instead) return answer;
  const good = answer.body as Record<string, unknown>;
  const { status = 200, headers = {}, body } = typeof instead === "function" ? instead(good) : instead;
  return { status, headers: { "content-type": "application/json", ...headers }, body };
}

function revoke({ client, tokens, refuse }: TokenEndpoint, state: State, request: FrontRequest): Answer {
  state.revocations += 1;
  const given = basicClient(request);
  if (given?.id !== client.id || given.secret !== client.secret) return refuse("client_id");
  tokens.revokeGrant(request.fields.token ?? "");
  return { status: 200 };
}

function callApi({ tokens }: TokenEndpoint, { accounts }: State, { headers }: FrontRequest): Answer {
  const grant = tokens.grantOf(bearerToken(headers.authorization) ?? "");
  const account = accounts.get(grant?.user ?? "");
  if (account) return { status: 200, body: account };
  return { status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' }, body: {} };
}

function accountId({ accounts }: State, account: Account): string {
  const id = String(account.id);
  accounts.set(id, account);
  return id;
}

function rotatingEndpoint(
  parts: Pick<TokenEndpoint, "client" | "codes" | "tokens">,
  expiresIn: number,
): TokenEndpoint {
  return {
    ...parts,
    clientAuth: ["basic"],
    machine: String(machine.id),
    grant: ({ access, refresh, grant }) => ({
      status: 200,
      headers: { "cache-control": "no-store" },
      body: {
        access_token: access,
        token_type: "Bearer",
        expires_in: expiresIn,
        refresh_token: refresh,
        scope: grant.scopes?.join(" "),
      },
    }),
    refuse: (problem) => refusals[problem],
  };
}

const refusal = (status: number, error: string): Answer => ({ status, body: { error } });
const invalidClient = {
  ...refusal(401, "invalid_client"),
  headers: { "www-authenticate": 'Basic realm="odd"' },
};
const invalidGrant = refusal(400, "invalid_grant");

/** @see RFC 6749 §5.2 */
const refusals: Record<TokenProblem, Answer> = {
  client_id: invalidClient,
  client_secret: invalidClient,
  client_auth: invalidClient,
  code: invalidGrant,
  redirect_uri: invalidGrant,
  verifier: invalidGrant,
  refresh_token: invalidGrant,
  grant_type: refusal(400, "unsupported_grant_type"),
};

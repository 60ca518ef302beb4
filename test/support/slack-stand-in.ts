import { createAuthorizationCodes } from "#support/authorization-codes.js";
import { type Consent, showConsent, takeConsent } from "#support/consent.js";
import { asUser, type Emulator, startEmulator } from "#support/emulator.js";
import { createIssuedTokens, newToken } from "#support/issued-tokens.js";
import {
  bearerToken,
  newClient,
  type OauthStandIn,
  oauthControls,
  providerSettings,
} from "#support/oauth-stand-in.js";
import { type Answer, errorPage, type FrontRequest, startFront } from "#support/service-front.js";
import { slackTokenEndpoint, slackTokenRules } from "#support/slack-oauth.js";
import { allSlackScopes, slackScopesAccepted } from "#support/slack-scopes.js";
import { innerToken, type SlackUser, slackSeed, slackUsers } from "#support/slack-seed.js";
import { answerTokenRequest, type TokenEndpoint } from "#support/token-endpoint.js";

export interface SlackStandIn extends OauthStandIn {
  /** A user token that works until revoked. By default with every scope. */
  mintToken(user?: SlackUser, scopes?: string[]): string;
}

export interface SlackOptions {
  port?: number;
  host?: string;
  /** Tokens announce an end after 12 hours, and refresh tokens work once. */
  rotation?: boolean;
}

/**
 * Slack's Web API and sign-in of users on loopback, from the `emulate` package behind a front that refuses as
 * Slack does: with HTTP 200 and `ok: false`. Apps have no bot here: `user_scope` alone is taken.
 */
export async function startSlack({ port, host, rotation = false }: SlackOptions = {}): Promise<SlackStandIn> {
  const client = newClient();
  const codes = createAuthorizationCodes(client);
  const tokens = createIssuedTokens(slackTokenRules(rotation));
  const endpoint = slackTokenEndpoint({ client, codes, tokens, rotation });
  let url = "";
  const emulator = await startEmulator("slack", slackSeed, () => url);
  const users = await userIds(emulator);
  const consent = { emulator, codes, userField: "user_id", scopesOf };
  const answer = route({ emulator, endpoint, consent, users });
  const front = await startFront({ port, host, tokenPath: paths.token, answer }).catch(async (error) => {
    await emulator.close();
    throw error;
  });
  url = front.url;

  return {
    ...front,
    ...oauthControls(client, codes, tokens),
    mintToken(user = "octocat", scopes = allSlackScopes) {
      const token = newToken("xoxp-");
      const id = [...users].find(([, name]) => name === user)?.[0] ?? "";
      tokens.add(token, { user: id, clientId: "", scopes });
      return token;
    },
    settings: () => ({
      ...providerSettings("SLACK", client, {
        authorize: url + paths.authorize,
        token: url + paths.token,
        revoke: `${url}/api/auth.revoke`,
      }),
      SKILLETT_SLACK_BASE_URL: `${url}/api`,
    }),
    async close() {
      await front.close();
      await emulator.close();
    },
  };
}

const paths = {
  authorize: "/oauth/v2/authorize",
  submit: "/oauth/v2/authorize/callback",
  token: "/api/oauth.v2.access",
};

function scopesOf(params: URLSearchParams): string[] {
  return (params.get("user_scope") ?? "").split(/[\s,]+/).filter(Boolean);
}

/** The emulator makes up the ids. @returns name by id */
async function userIds(emulator: Emulator): Promise<Map<string, SlackUser>> {
  const ids = new Map<string, SlackUser>();
  for (const name of slackUsers) {
    const headers = { authorization: `Bearer ${innerToken(name)}` };
    const answer = await emulator.send({ method: "POST", path: "/api/auth.test", headers });
    ids.set(JSON.parse(answer.text).user_id, name);
  }
  return ids;
}

interface Parts {
  emulator: Emulator;
  endpoint: TokenEndpoint;
  consent: Consent;
  users: ReadonlyMap<string, SlackUser>;
}

function route({ emulator, endpoint, consent, users }: Parts) {
  const { tokens } = endpoint;

  async function call(request: FrontRequest, method: string): Promise<Answer> {
    const token = bearerToken(request.headers.authorization) ?? request.fields.token;
    if (!token) return failure("not_authed");
    const grant = tokens.grantOf(token);
    if (!grant) return failure("invalid_auth");
    if (method === "auth.revoke") return succeed({ revoked: tokens.revoke(token) });
    const accepted = slackScopesAccepted(method);
    const granted = grant.scopes ?? [];
    const headers = { "x-oauth-scopes": granted.join(","), "x-accepted-oauth-scopes": accepted.join(",") };
    if (accepted.length > 0 && !accepted.some((scope) => granted.includes(scope)))
      return failure("missing_scope", { needed: accepted[0], provided: granted.join(",") }, headers);
    const inner = innerToken(users.get(grant.user)!);
    const { status, text } = await emulator.send(asUser(asPost(request), inner));
    if (status === 404) return failure("unknown_method", {}, headers);
    return { status, headers, body: JSON.parse(text) };
  }

  return async (request: FrontRequest): Promise<Answer> => {
    const { pathname, searchParams } = request.url;
    if (pathname === paths.authorize && searchParams.get("scope"))
      return errorPage(400, "This application has no bot: ask for user_scope");
    if (pathname === paths.authorize) return showConsent(consent, request);
    if (pathname === paths.submit) return takeConsent(consent, request);
    if (pathname === paths.token) return answerTokenRequest(endpoint, request);
    const method = /^\/api\/([\w.]+)$/.exec(pathname)?.[1];
    return method ? call(request, method) : errorPage(404, "There is no such page");
  };
}

/** Slack takes either; the emulator most often takes a form only. */
function asPost(request: FrontRequest): FrontRequest {
  if (request.method !== "GET") return request;
  const form = "application/x-www-form-urlencoded";
  const headers = { ...request.headers, "content-type": form };
  const { pathname, searchParams } = request.url;
  return { ...request, method: "POST", path: pathname, headers, body: Buffer.from(`${searchParams}`) };
}

function succeed(facts: object): Answer {
  return { status: 200, body: { ok: true, ...facts } };
}

function failure(error: string, facts: object = {}, headers: Record<string, string> = {}): Answer {
  return { status: 200, headers, body: { ok: false, error, ...facts } };
}

import type {
  Authorization,
  AuthorizationCodes,
  Client,
  RedeemProblem,
} from "#support/authorization-codes.js";
import type { IssuedTokens, Tokens } from "#support/issued-tokens.js";
import type { Answer, FrontRequest } from "#support/service-front.js";

export type TokenProblem =
  | RedeemProblem
  | "client_id"
  | "client_secret"
  | "client_auth"
  | "grant_type"
  | "refresh_token";

export interface TokenEndpoint {
  client: Client;
  codes: AuthorizationCodes;
  tokens: IssuedTokens;
  /** How clients may prove themselves. */
  clientAuth: ("basic" | "body")[];
  /** Whether this sign-in yields a refresh token, where the service has them. */
  refreshable?(authorization: Authorization, user: string): boolean;
  /** Whom a token is for that the client gets for itself. Undefined: that grant is not known. @see RFC 6749 §4.4 */
  machine?: string;
  /** How this service words a success. `refreshed`: the answer to a refresh. */
  grant(tokens: Tokens, refreshed: boolean): Answer;
  /** How this service words a refusal. */
  refuse(problem: TokenProblem): Answer;
}

/** @see RFC 6749 §3.2 */
export function answerTokenRequest(endpoint: TokenEndpoint, request: FrontRequest): Answer {
  const outcome = clientProblem(endpoint, request) ?? tokensFor(endpoint, request.fields);
  if (typeof outcome === "string") return endpoint.refuse(outcome);
  return endpoint.grant(outcome, request.fields.grant_type === "refresh_token");
}

function tokensFor(
  { client, codes, tokens, refreshable, machine }: TokenEndpoint,
  fields: Record<string, string>,
): Tokens | TokenProblem {
  const type = fields.grant_type ?? "authorization_code";
  if (type === "refresh_token") return tokens.refresh(fields.refresh_token ?? "") ?? "refresh_token";
  if (type === "client_credentials" && machine !== undefined) {
    const scopes = (fields.scope ?? "").split(" ").filter(Boolean);
    return tokens.issue({ user: machine, clientId: client.id, scopes }, { refreshable: false });
  }
  if (type !== "authorization_code") return "grant_type";
  const redeemed = codes.redeem(fields);
  if (typeof redeemed === "string") return redeemed;
  const { grant, authorization } = redeemed;
  return tokens.issue(grant, { refreshable: refreshable?.(authorization, grant.user) ?? true });
}

function clientProblem(
  { client, clientAuth }: Pick<TokenEndpoint, "client" | "clientAuth">,
  request: FrontRequest,
): TokenProblem | undefined {
  const basic = basicClient(request);
  if (!clientAuth.includes(basic ? "basic" : "body")) return "client_auth";
  const { client_id = "", client_secret = "" } = request.fields;
  const given = basic ?? { id: client_id, secret: client_secret };
  if (given.id !== client.id) return "client_id";
  return given.secret === client.secret ? undefined : "client_secret";
}

/** The client that HTTP Basic names. @see RFC 6749 §2.3.1 */
export function basicClient({ headers }: FrontRequest): Client | undefined {
  const encoded = /^basic +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  if (!encoded) return undefined;
  const [id = "", secret = ""] = Buffer.from(encoded, "base64").toString().split(":").map(formDecoded);
  return { id, secret };
}

function formDecoded(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}

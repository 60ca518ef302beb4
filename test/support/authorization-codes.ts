import { createHash, randomBytes } from "node:crypto";
import type { Grant } from "#support/issued-tokens.js";

export interface Client {
  id: string;
  secret: string;
}

/** What a client asked for at the authorize endpoint, checked. */
export interface Authorization {
  id: string;
  redirectUri: string;
  state: string | null;
  challenge: string | null;
  scopes: Grant["scopes"];
  /** As received. */
  params: URLSearchParams;
}

export type AuthorizeProblem = "client_id" | "redirect_uri" | "code_challenge_method";
export type RedeemProblem = "code" | "redirect_uri" | "verifier";

export interface AuthorizationCodes {
  /** A redirect URI that clients may name, to the letter. */
  registerRedirect(uri: string): void;
  begin(params: URLSearchParams, scopes: Grant["scopes"]): Authorization | AuthorizeProblem;
  pending(id: string): Authorization | undefined;
  /** @param code of another making, when there is one */
  issue(authorization: Authorization, user: string, code?: string): string;
  /** Ends the code, whatever comes of it. */
  redeem(fields: Record<string, string>): { grant: Grant; authorization: Authorization } | RedeemProblem;
}

/**
 * Authorization codes as strict as they should be: single use, bound to the redirect URI, and to the PKCE
 * challenge where one was sent. @see RFC 6749 §4.1, RFC 7636
 */
export function createAuthorizationCodes(client: Client): AuthorizationCodes {
  const redirectUris = new Set<string>();
  const begun = new Map<string, Authorization>();
  const codes = new Map<string, { authorization: Authorization; user: string }>();

  return {
    registerRedirect: (uri) => void redirectUris.add(uri),
    begin(params, scopes) {
      const redirectUri = params.get("redirect_uri") ?? "";
      const challenge = params.get("code_challenge");
      if (params.get("client_id") !== client.id) return "client_id";
      if (!redirectUris.has(redirectUri)) return "redirect_uri";
      if (challenge && params.get("code_challenge_method") !== "S256") return "code_challenge_method";
      const id = randomBytes(12).toString("hex");
      const authorization = { id, redirectUri, state: params.get("state"), challenge, scopes, params };
      begun.set(id, authorization);
      return authorization;
    },
    pending: (id) => begun.get(id),
    issue(authorization, user, code = randomBytes(12).toString("hex")) {
      codes.set(code, { authorization, user });
      return code;
    },
    redeem({ code = "", redirect_uri, code_verifier }) {
      const known = codes.get(code);
      if (!known) return "code";
      codes.delete(code);
      const { authorization, user } = known;
      if (redirect_uri !== authorization.redirectUri) return "redirect_uri";
      if (!verifies(authorization.challenge, code_verifier)) return "verifier";
      return { grant: { user, clientId: client.id, scopes: authorization.scopes }, authorization };
    },
  };
}

/** Where the browser goes next: back to the client, with the answer and its `state`. */
export function backToClient(
  { redirectUri, state }: Authorization,
  answer: Record<string, string | undefined>,
): URL {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries({ ...answer, state: state ?? undefined }))
    if (value !== undefined) url.searchParams.set(name, value);
  return url;
}

/** A verifier without a challenge is a mistake of the client too. */
function verifies(challenge: string | null, verifier: string | undefined): boolean {
  if (challenge === null) return verifier === undefined;
  return (
    createHash("sha256")
      .update(verifier ?? "")
      .digest("base64url") === challenge
  );
}

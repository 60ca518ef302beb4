import type { BodyMatch } from "#catalog/body.js";
import type { ProviderYaml } from "#catalog/front-matter.js";
import type { HttpMethod, Scalar } from "#catalog/schema.js";
import type { ClientAuth } from "#core/client-auth.js";

/** An authorization server, which signs people in and issues tokens; integrations of one provider share its OAuth client. */
export interface AuthProvider {
  /** `google`; its settings are `SKILLETT_GOOGLE_…`. */
  slug: string;
  /** The integration of a tenant whose own it is, with a client of its own; null for one of the instance. */
  owner: ProviderOwner | null;
  name: string;
  /** Page where an operator registers an OAuth client. */
  registerUrl: string;
  /** Null for a provider that has client credentials only. Like the others it may have settings of the integration. */
  authorizeUrl: string | null;
  tokenUrl: string;
  /** Where a refresh token becomes an access token. */
  refreshUrl: string;
  /** The value that `iss` must have, for a provider that sends it. @see RFC 9207 */
  issuer: string | null;
  /** It always sends `iss`, so that a callback without it is not from there. @see RFC 9207 §2.4 */
  sendsIssuer: boolean;
  /** Takes PKCE with S256. @see RFC 7636 */
  pkce: boolean;
  /** How the client proves itself at the token endpoint. @see RFC 6749 §2.3.1 */
  clientAuth: Exclude<ClientAuth, "none">;
  /** Name of the parameter that lists the scopes. */
  scopeParam: string;
  scopeSeparator: string;
  /** Further parameters of the authorize URL. */
  authorizeParams: Record<string, string>;
  /** Parameter that suggests which account to sign in with. */
  loginHintParam: string | null;
  /** Further parameters of each token request. */
  tokenParams: Record<string, string>;
  /** Further parameters of a request with a refresh token; templates with `{redirect_uri}`. */
  refreshParams: Record<string, string>;
  /** How the token request is written. */
  tokenBody: "form" | "json";
  /**
   * Dotted path to the object that holds the tokens; null when that is the answer itself. So it is, too, for an
   * answer with nothing at the path: Slack nests the tokens of a sign-in, but not those of a refresh.
   */
  tokenPath: string | null;
  assertion: AssertionRules;
  revoke: Revocation | null;
}

/** Slug of a provider that an integration of a tenant has for itself: no file of the instance may have it. */
export const ownProvider = "own";

/** Never read from a file: the catalogue of a tenant sets it. */
export interface ProviderOwner {
  tenantId: string;
  /** Slug of the integration. */
  integration: string;
}

/** How a service account states who it is. @see RFC 7523 §3 */
export interface AssertionRules {
  algorithm: AssertionAlgorithm;
  /** Null: the token URL. */
  audience: string | null;
  /** The value of `sub` where the person names nobody; with `none` there is no `sub`. */
  subject: "issuer" | "none";
  /** Further claims; texts are templates with `{scope}`, `{issuer}` and `{subject}`. */
  claims: Record<string, Scalar>;
}

/** @see RFC 7518 §3.1, RFC 8037 §3.1 */
export type AssertionAlgorithm = NonNullable<NonNullable<ProviderYaml["assertion"]>["algorithm"]>;

/** The request that makes a token worthless, with templates to fill. `{token}` is the refresh token where there is one. */
export interface Revocation {
  method: HttpMethod;
  /** May hold `{client_id}`, and settings. */
  url: string;
  clientAuth: ClientAuth;
  /** Templates with `{token}`, `{access_token}`, `{client_id}`. */
  headers: Record<string, string>;
  body: "form" | "json" | "none";
  params: Record<string, string>;
  /** A 2xx answer whose body does not match is a refusal. */
  done: BodyMatch | null;
  /** Ends every token the person gave this client, those of other integrations too. */
  wholeGrant: boolean;
}

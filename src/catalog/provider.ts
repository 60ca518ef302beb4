import type { BodyMatch } from "#catalog/body.js";
import type { ProviderYaml } from "#catalog/front-matter.js";
import type { HttpMethod, Scalar } from "#catalog/schema.js";

/** An authorization server, which signs people in and issues tokens; integrations of one provider share its OAuth client. */
export interface AuthProvider {
  /** `google`; its settings are `SKILLETT_GOOGLE_…`. */
  slug: string;
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
  /** Takes PKCE with S256. @see RFC 7636 */
  pkce: boolean;
  /** How the client proves itself at the token endpoint. @see RFC 6749 §2.3.1 */
  clientAuth: "basic" | "body";
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
  clientAuth: "basic" | "body" | "none";
  /** Templates with `{token}`, `{access_token}`, `{client_id}`. */
  headers: Record<string, string>;
  body: "form" | "json" | "none";
  params: Record<string, string>;
  /** A 2xx answer whose body does not match is a refusal. */
  done: BodyMatch | null;
  /** Ends every token the person gave this client, those of other integrations too. */
  wholeGrant: boolean;
}

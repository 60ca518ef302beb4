import type { Effect, HttpMethod, ParamsSchema } from "#catalog/schema.js";
import type { Views } from "#catalog/view.js";

/** An outside service we can speak to, as its folder of text describes it. */
export interface Integration {
  slug: string;
  name: string;
  description: string;
  category: string;
  /** Where requests go: `https://api.github.com`, no slash at the end. Operators may replace it. */
  baseUrl: string;
  /** Headers of every request. */
  headers: Record<string, string>;
  /** Ways to connect, by name (`oauth2`, `token`); the first one is offered first. */
  auth: Record<string, AuthMethod>;
  /** Asks the service whose account a credential opens; also checks it. Null when no way needs a credential. */
  account: AccountProbe | null;
  /** How this service says that a credential is not good any more, beside HTTP 401. */
  authFailed: BodyMatch | null;
  /** How this service says that a credential lacks a scope, beside `insufficient_scope` (RFC 6750 §3.1). */
  scopeMissing: ScopeMissing | null;
  /** How this service refuses with a status below 400. */
  refused: RefusedMatch | null;
  /** Header in which the service takes an `Idempotency-Key`, for requests whose method is not idempotent. */
  idempotencyHeader: string | null;
  /** Params that ask for the next page, and the dotted path of their value in the body of this one. */
  page: Readonly<Record<string, string>>;
  /** Skills that go well with it. */
  suggestedSkills: string[];
  /** By name, in the order of their files. */
  endpoints: ReadonlyMap<string, Endpoint>;
  /** The folder as agents download it: SKILL.md first. */
  files: SkillFile[];
}

export interface SkillFile {
  path: string;
  content: string;
}

/** How a credential of this kind comes about, and where it goes in a request. */
export interface AuthMethod {
  /**
   * The fields that a person fills in, by name. Empty for sign-in by browser, and for an integration that needs no
   * credential.
   */
  fields: Record<string, AuthField>;
  /** The OAuth grant that yields `{access_token}`; null when the fields are all there is. */
  grant: Grant | null;
  /** Header name to template, such as `Authorization: "Bearer {token}"`. */
  headers: Record<string, string>;
  /** Query parameter name to template. */
  query: Record<string, string>;
  /** Templates of HTTP Basic authentication. @see RFC 7617 */
  basic: { username: string; password: string } | null;
}

export interface AuthField {
  label: string;
  help: string;
  /** Masked wherever it might show up. A user name or a site is not. */
  secret: boolean;
}

export interface Grant {
  /** `client_credentials` asks the person for the fields `client_id` and `client_secret`. @see RFC 6749 §4.1, §4.4 */
  type: "authorization_code" | "client_credentials";
  provider: AuthProvider;
  /** Scopes that are requested when a person chooses none. */
  scopes: string[];
}

/** An authorization server, which signs people in and issues tokens; integrations of one provider share its OAuth client. */
export interface AuthProvider {
  /** `google`; its settings are `SKILLETT_GOOGLE_…`. */
  slug: string;
  name: string;
  /** Page where an operator registers an OAuth client. */
  registerUrl: string;
  /** Null for a provider that has client credentials only. */
  authorizeUrl: string | null;
  tokenUrl: string;
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
  /** How the token request is written. */
  tokenBody: "form" | "json";
  /**
   * Dotted path to the object that holds the tokens; null when that is the answer itself. So it is, too, for an
   * answer with nothing at the path: Slack nests the tokens of a sign-in, but not those of a refresh.
   */
  tokenPath: string | null;
  revoke: Revocation | null;
}

/** The request that makes a token worthless, with templates to fill. `{token}` is the refresh token where there is one. */
export interface Revocation {
  method: HttpMethod;
  /** May hold `{client_id}`. */
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

export interface AccountProbe {
  method: HttpMethod;
  /** Path at the service, `/user`. */
  path: string;
  /** The account's lasting id: a dotted path in the answer, or text with such paths in braces. */
  id: string;
  /** The name a person knows the account by, written like `id`. */
  name: string;
}

export interface ScopeMissing {
  /** A body that matches one of these says that a scope is missing, whatever the status. */
  body: BodyMatch[];
  /** Headers of a 403 or 404: the scopes the token has, and those of which the endpoint wants one. */
  headers: { granted: string; accepted: string } | null;
}

export interface RefusedMatch {
  /** A body that matches is a refusal. */
  body: BodyMatch | null;
  /**
   * A body that has a value at one of these dotted paths is a refusal as well: not null, false, empty text or an
   * empty list.
   */
  present: readonly string[];
  /** Dotted paths to the service's own words, or its code; the first that leads somewhere. */
  message: readonly string[];
  /** Refusals after which the request may have been carried out nevertheless. */
  unknown: BodyMatch | null;
}

/** Matches a JSON body in which every listed field has one of the listed values. */
export type BodyMatch = Record<string, readonly (string | number | boolean)[]>;

/** One callable action of an integration. */
export interface Endpoint extends EndpointFacts {
  /** Advice of the author to readers, Markdown. */
  advice: string;
  /** The page for readers: summary, parameter table, example, body of the file. */
  markdown: string;
}

export interface EndpointFacts {
  integration: string;
  name: string;
  /** Folder it belongs to (`issues`). */
  resource: string;
  summary: string;
  method: HttpMethod;
  /** Path at the service with `{param}` for path parameters. */
  path: string;
  effect: Effect;
  /** Scopes of the service that a credential needs for it. */
  scopes: string[];
  /** One sentence about the answer. */
  returns: string;
  /** Advice for each error: by HTTP status, or by the words with which the service refuses. */
  errors: Readonly<Record<string, string>>;
  /** Like that of the integration, in place of it. */
  page: Readonly<Record<string, string>> | null;
  /** Other shapes of its answer, by name. */
  views: Views;
  /** Header in which the service takes an `Idempotency-Key`; undefined is as for the integration. */
  idempotencyHeader: string | null | undefined;
  /** JSON Schema of the params object: closed, with top-level `required`. */
  params: ParamsSchema;
  /** Where each param goes, and under which name. */
  placements: Record<string, Placement>;
  /** How the params of the body are written. */
  body: BodyForm;
  /** Field of the JSON body that everything else stands under, or null: at the top. */
  bodyUnder: string | null;
  example: Example;
  /** The endpoint's file, relative to the integrations directory, for problems. */
  file: string;
}

export interface Placement {
  in: "path" | "query" | "body" | "header";
  /** Name at the service. */
  name: string;
  /** In the path: how many segments the value has. A single segment has its slashes encoded. */
  segments: number | "many";
  /** In the query: how arrays are written. */
  array: "repeat" | "comma";
}

/**
 * Named pure ways to write the body. `rfc822_message` builds an email from the params to, cc, bcc, reply_to,
 * subject, text, html, in_reply_to and references, and sends it base64url as the JSON field `raw`.
 */
export type BodyForm = "json" | "form" | "rfc822_message";

/** Worked example, and golden test: `params` must become exactly `sends`. */
export interface Example {
  params: Record<string, unknown>;
  sends: ExampleRequest;
}

export interface ExampleRequest {
  method: HttpMethod;
  /** Path below the base URL, encoded, without the query. */
  url: string;
  query?: Record<string, string | string[]>;
  /** Only the headers that come from params. */
  headers?: Record<string, string>;
  /** The JSON body; with `message` its other fields, `{}` when there are none, without `bodyUnder`. */
  json?: unknown;
  form?: Record<string, string | string[]>;
  /** The email as text, line ends as \n. */
  message?: string;
}

/** A request ready to be sent, but for the credential. */
export interface RequestPlan {
  method: HttpMethod;
  /** Absolute. */
  url: string;
  headers: Record<string, string>;
  body: string | null;
}

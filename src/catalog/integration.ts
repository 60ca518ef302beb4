import type { AnswerFile } from "#catalog/answer-file.js";
import type { Composite } from "#catalog/composite.js";
import type { Example } from "#catalog/example.js";
import type { Names } from "#catalog/names.js";
import type { Paging } from "#catalog/paging-kinds.js";
import type { Pieces } from "#catalog/pieces.js";
import type { AuthProvider } from "#catalog/provider.js";
import type { RateLimit, RefusalRule, RefusedMatch } from "#catalog/refusal.js";
import type { RepeatGuard } from "#catalog/repeat-guard.js";
import type { Effect, HttpMethod, ParamsSchema, Reach, Scalar } from "#catalog/schema.js";
import type { ScopeNeed } from "#catalog/scope-need.js";
import type { Discover, Setting } from "#catalog/setting.js";
import type { Tool } from "#catalog/tool.js";
import type { Views } from "#catalog/view.js";
import type { Shape } from "#search/shapes.js";

/** An outside service we can speak to, as its folder of text describes it. */
export interface Integration {
  slug: string;
  /** Whether a tenant has brought it, in place of the operator: then it is for that tenant, and less is trusted. */
  isBrought: boolean;
  name: string;
  description: string;
  category: string;
  /** Where requests go: `https://api.github.com`, no slash at the end. It may have `{settings}`. Operators may replace it. */
  baseUrl: string;
  /** `mcp`: the base URL is that of an MCP server, and endpoints are its tools. */
  protocol: "http" | "mcp";
  /** Other places where requests of endpoints go, by name; written like it. */
  baseUrls: Readonly<Record<string, string>>;
  /** Parts of these URLs and of those to sign in at, `{subdomain}`, that each connection has its own values for. */
  settings: Readonly<Record<string, Setting>>;
  /** Asked after signing in for the settings that come from there; null when there are none. */
  discover: Discover | null;
  /** Headers of every request. */
  headers: Record<string, string>;
  /** Ways to connect, by name (`oauth2`, `token`); the first one is offered first. */
  auth: Record<string, AuthMethod>;
  /** Asks the service whose account a credential opens, which also checks it; null when nobody asks it. */
  account: AccountProbe | null;
  /** How this service refuses for reasons that are known, the first that matches; the usual ways come after them. */
  refusals: readonly RefusalRule[];
  /** How this service refuses with a status below 400. */
  refused: RefusedMatch | null;
  rateLimit: RateLimit;
  /** How the service knows a request that comes twice, for those whose method is not idempotent. */
  repeatGuard: RepeatGuard | null;
  /** How lists go on, for endpoints that have its params. */
  page: Paging | null;
  /** Dotted path of the list in an answer that is a page; null: the answer is the list. */
  items: string | null;
  /** How questions show that they are about it, and what it cannot do. */
  search: SearchHints;
  /** The day on which somebody last compared it with the service, `2026-11-20`; null: not known. */
  checkedOn: string | null;
  /** Skills that go well with it. */
  suggestedSkills: string[];
  /** By name, in the order of their files. */
  endpoints: ReadonlyMap<string, Endpoint>;
  /** Of an MCP server of the operator: endpoints that are off for everybody until the operator takes them. */
  held?: ReadonlyMap<string, HeldEndpoint>;
  /** Text of its SKILL.md. @see skillFiles */
  skill: string;
}

/** An endpoint whose tool is new, or is another one than the operator took. */
export interface HeldEndpoint {
  endpoint: Endpoint;
  reason: "new" | "changed";
}

export interface SearchHints {
  /** Its endpoints are found only by questions that show that they are about it. */
  onlyWhenNamed: boolean;
  /** Words and phrases for its things, besides its name. */
  words: readonly string[];
  /** Shapes of its things. */
  shapes: readonly Shape[];
  /** Ways to ask for what the service can do, and no endpoint does. */
  lacks: readonly string[];
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
  /** Template of segments between the base URL and the path of a request, `/bot{token}`; null for none. */
  path: string | null;
  /** The service will take such credentials no more; null when nothing is known of that. */
  ends: { on: string; text: string; instead: string | null } | null;
  /** In place of the base URL of the integration; null for that. */
  baseUrl: string | null;
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
  /**
   * `client_credentials` asks the person for the fields `client_id` and `client_secret`, `jwt_bearer` for those of a
   * service account. @see RFC 6749 §4.1, §4.4, RFC 7523 §2.1
   */
  type: "authorization_code" | "client_credentials" | "jwt_bearer";
  provider: AuthProvider;
  /** Scopes that are requested when a person chooses none. */
  scopes: string[];
  /** The field that takes a key file of a service account, and the dotted path in it of each part; null for none. */
  keyFile: { field: string; parts: Record<string, string> } | null;
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

/** One callable action of an integration. */
export interface Endpoint extends EndpointFacts {
  /** The words of its author beside the facts, Markdown: advice, and what its errors mean. */
  notes: string;
}

/** How a call changes the world, and who has a hand in its answer. */
export interface Consequences {
  /** Nothing brings back what was before: what was sent, merged, paid or deleted for good. */
  irreversible: boolean;
  /** Template with params of the thing that is acted on, `{repo}#{issue_number}`; null when the file does not say. */
  target: string | null;
  /** Dotted paths of the answer with text that others than the account's own people write. */
  untrusted: readonly string[];
  /** The widest circle of those who notice. */
  reaches: Reach;
}

export interface EndpointFacts extends Consequences, Names {
  integration: string;
  name: string;
  /** Folder it belongs to (`issues`). */
  resource: string;
  summary: string;
  /** Of a composite, the method and the path of its last call. */
  method: HttpMethod;
  /** Name of the base URL that it stands below; null for the usual one. */
  base: string | null;
  /** Path at the service with `{param}` for path parameters. */
  path: string;
  effect: Effect;
  /** Scopes of the service that a credential needs for it: all of these, of a list one. */
  scopes: ScopeNeed[];
  /** One sentence about the answer. */
  returns: string;
  /** Advice for each error: by HTTP status, or by the words with which the service refuses. */
  errors: Readonly<Record<string, string>>;
  /** Looked at before those of the integration. */
  refusals: readonly RefusalRule[];
  /** Ways in which people ask for it, in other words than its own. */
  asks: readonly string[];
  /** Like that of the integration, in place of it. */
  page: Paging | null;
  /** Like that of the integration, in place of it. */
  items: string | null;
  /** Other shapes of its answer, by name. */
  views: Views;
  /** The file in its answer; null when that is the body itself, if it is one. */
  answerFile: AnswerFile | null;
  /** Undefined is as for the integration. */
  repeatGuard: RepeatGuard | null | undefined;
  /** JSON Schema of the params object: closed, with top-level `required`. */
  params: ParamsSchema;
  /** Where each param goes, and under which name. */
  placements: Record<string, Placement>;
  /** How the params of the body are written. */
  body: BodyForm;
  /** Field of the JSON body that everything else stands under, or null: at the top. */
  bodyUnder: string | null;
  /** The param whose value is the whole JSON body, or null. */
  bodyRoot: string | null;
  /** The body is a GraphQL query, in its constants, with the params as variables. */
  isGraphql: boolean;
  /** Parts of every request to it, which no param changes. */
  constants: Constants;
  example: Example;
  /** The tool of an MCP server that it calls; null for any other request. */
  tool: Tool | null;
  /** The calls that it is made of; null for an endpoint that is one request. */
  composite: Composite | null;
  /** The endpoint's file, relative to the integrations directory, for problems. */
  file: string;
}

export interface Constants {
  /** Fields of the whole body, beside those of params and, at any depth, between them. */
  body: Readonly<Record<string, unknown>>;
  query: Readonly<Record<string, Scalar | Scalar[]>>;
  /** Names in lower case; in place of those that the integration sends. */
  headers: Readonly<Record<string, string>>;
}

export interface Placement {
  /** `part`: nowhere by itself, but named in the file name or the media type of a part, or of the file in an answer. */
  in: "path" | "query" | "body" | "header" | "part";
  /** Name at the service. In a JSON body, dots lead into objects: `fields.summary`, unless a backslash stands before. */
  name: string;
  /** In the path: how many segments the value has. A single segment has its slashes encoded. */
  segments: number | "many";
  /** In the query and in forms: how lists of texts are written, `a=1&a=2`, `a=1,2` or `a[]=1&a[]=2`. */
  array: "repeat" | "comma" | "brackets";
  /** In the query and in forms: how objects and lists of objects are written, `a[b]=1` and `a[0][b]=1`; null: not at all. */
  style: "brackets" | null;
  /** In a JSON body: how a text is written; null: as it is. @see RFC 4648 §4 and §5 */
  encode: "base64" | "base64url" | null;
  /** In a body of parts or of bytes; null elsewhere. */
  part: Part | null;
  /** Of a param that takes handles of files; null elsewhere. */
  file: FileRule | null;
}

/** The files that a param takes. */
export interface FileRule {
  /** Media types, and kinds of them such as `image/*`, in lower case; empty for all. */
  accept: readonly string[];
  /** Of all files of a list together; null without a bound. */
  maxBytes: number | null;
}

/** How a value becomes a part of a multipart body, or a raw body. */
export interface Part {
  /** Templates with the names of params; null for none. */
  mediaType: string | null;
  filename: string | null;
  /** `base64`: the value is that of bytes. `json`: the value is written as JSON. */
  encoding: "text" | "base64" | "json";
}

/**
 * Named pure ways to write the body. `rfc822_message` builds an email from the params to, cc, bcc, reply_to,
 * subject, text, html, in_reply_to, references and attachments, and sends it base64url as the JSON field `raw`. `raw`
 * is the value of one param.
 */
export type BodyForm = "json" | "form" | "rfc822_message" | "multipart" | "raw";

export const isJsonBody = (body: BodyForm) => body === "json" || body === "rfc822_message";

/** A request ready to be sent, but for the credential. */
export interface RequestPlan<Body = string | Buffer | Pieces | null> {
  method: HttpMethod | "HEAD";
  /** Absolute. */
  url: string;
  headers: Record<string, string>;
  body: Body;
  /** URL that the credential stays below when a redirect leads elsewhere; the whole origin when left out. */
  below?: string;
}

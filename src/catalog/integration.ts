import type { Effect, HttpMethod, ParamsSchema } from "#catalog/schema.js";

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
  /** Ways to connect, by name (`token`). */
  auth: Record<string, AuthMethod>;
  /** Asks the service whose account a credential opens; also checks the credential. */
  account: AccountProbe;
  /** How this service says that a credential is not good any more, beside HTTP 401. */
  authFailed: BodyMatch | null;
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

/** How a credential of this kind looks and where it goes in a request. */
export interface AuthMethod {
  /** What to ask a person for, by field name; every field is SECRET. */
  fields: Record<string, { label: string; help: string }>;
  /** Header name to template, such as `Authorization: "Bearer {token}"`. */
  headers: Record<string, string>;
  /** Query parameter name to template. */
  query: Record<string, string>;
}

export interface AccountProbe {
  method: HttpMethod;
  /** Path at the service, `/user`. */
  path: string;
  /** Dotted path in the answer to the account's lasting id. */
  id: string;
  /** Dotted path to the name a person knows the account by. */
  name: string;
}

/** Matches a JSON body in which every listed field has one of the listed values. */
export type BodyMatch = Record<string, readonly (string | number | boolean)[]>;

/** One callable action of an integration. */
export interface Endpoint extends EndpointFacts {
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
  /** One sentence on what comes back. */
  returns: string;
  /** JSON Schema of the params object: closed, with top-level `required`. */
  params: ParamsSchema;
  /** Where each param goes, and under which name. */
  placements: Record<string, Placement>;
  /** How the params of the body are written. */
  body: BodyForm;
  /** Field of the JSON body that everything else stands under, or null: at the top. */
  bodyUnder: string | null;
  example: Example;
  /** The endpoint's file, relative to the integrations directory, for complaints. */
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

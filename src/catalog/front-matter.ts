import Type from "typebox";
import { answerFile, exampleFile, fileKeywords } from "#catalog/front-matter-files.js";
import { deprecated, formerly } from "#catalog/front-matter-names.js";
import {
  accountRequest,
  accountText,
  bodyMatch,
  closed,
  day,
  dottedPath,
  endpointIdempotency,
  headers,
  idempotency,
  line,
  method,
  named,
  page,
  pairs,
  path,
  request,
  scalar,
  scalarOrList,
  scopeNeed,
  text,
  word,
} from "#catalog/front-matter-parts.js";
import { rateLimit, refusals, refused } from "#catalog/front-matter-refusals.js";
import { reaches } from "#catalog/schema.js";
import { type Decoder, decoders } from "#catalog/view.js";
import { shapes } from "#search/shapes.js";

/** JSON Schemas of the files that integration authors write. Rules beyond the shape are checked by the loaders. */

const keyFileParts = closed({
  issuer: Type.Optional(dottedPath()),
  private_key: Type.Optional(dottedPath()),
  key_id: Type.Optional(dottedPath()),
  subject: Type.Optional(dottedPath()),
});

const authMethod = closed({
  provider: Type.Optional(text()),
  grant: Type.Optional(Type.Enum(["authorization_code", "client_credentials", "jwt_bearer"])),
  scopes: Type.Optional(Type.Array(text({ pattern: "^\\S+$" }))),
  fields: Type.Optional(
    named(
      word,
      closed({
        label: line(),
        help: text(),
        secret: Type.Optional(Type.Boolean()),
        json: Type.Optional(keyFileParts),
      }),
    ),
  ),
  headers: Type.Optional(headers()),
  query: Type.Optional(Type.Record(Type.String(), text())),
  path: Type.Optional(text({ pattern: "^(/[^/?#\\s]+)+$" })),
  base_url: Type.Optional(text()),
  ends: Type.Optional(closed({ on: day(), text: line(), instead: Type.Optional(text()) })),
  basic: Type.Optional(closed({ username: text(), password: Type.String() })),
});

const setting = closed({
  label: line(),
  help: text(),
  from: Type.Optional(Type.Enum(["field", "token", "discover"])),
  path: Type.Optional(dottedPath()),
  pattern: Type.Optional(text()),
  one_of: Type.Optional(Type.Array(text(), { minItems: 1, uniqueItems: true })),
  default: Type.Optional(text()),
});

export const integrationYaml = closed({
  name: line(),
  description: line(),
  category: text({ pattern: "^[a-z][a-z0-9-]*$" }),
  base_url: text(),
  protocol: Type.Optional(Type.Enum(["http", "mcp"])),
  base_urls: Type.Optional(named(word, text(), { minProperties: 1 })),
  settings: Type.Optional(named(word, setting, { minProperties: 1 })),
  discover: Type.Optional(
    closed({ url: text(), list: Type.Optional(dottedPath()), name: Type.Optional(dottedPath()) }),
  ),
  headers: Type.Optional(headers()),
  auth: named(word, authMethod, { minProperties: 1 }),
  account: Type.Optional(closed({ request: accountRequest(), id: accountText(), name: accountText() })),
  refusals: Type.Optional(refusals),
  refused: Type.Optional(refused),
  rate_limit: Type.Optional(rateLimit),
  page: Type.Optional(page()),
  items: Type.Optional(dottedPath()),
  idempotency: Type.Optional(idempotency),
  checked_on: Type.Optional(day()),
  suggested_skills: Type.Optional(Type.Array(line())),
});

export const providerYaml = closed({
  name: line(),
  register_url: text(),
  authorize_url: Type.Optional(text()),
  token_url: text(),
  refresh_url: Type.Optional(text()),
  issuer: Type.Optional(text()),
  sends_issuer: Type.Optional(Type.Boolean()),
  pkce: Type.Optional(Type.Boolean()),
  client_auth: Type.Optional(Type.Enum(["basic", "body"])),
  scope_param: Type.Optional(line()),
  scope_separator: Type.Optional(text()),
  authorize_params: Type.Optional(pairs()),
  login_hint_param: Type.Optional(line()),
  token_params: Type.Optional(pairs()),
  refresh_params: Type.Optional(pairs()),
  token_body: Type.Optional(Type.Enum(["form", "json"])),
  token_path: Type.Optional(dottedPath()),
  assertion: Type.Optional(
    closed({
      algorithm: Type.Optional(
        Type.Enum(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]),
      ),
      audience: Type.Optional(line()),
      subject: Type.Optional(Type.Enum(["issuer", "none"])),
      claims: Type.Optional(Type.Record(Type.String({ pattern: "^.+$" }), scalar)),
    }),
  ),
  revoke: Type.Optional(
    closed({
      request: text({ pattern: "^(GET|POST|PUT|PATCH|DELETE) \\S+$" }),
      client_auth: Type.Optional(Type.Enum(["basic", "body", "none"])),
      headers: Type.Optional(headers()),
      body: Type.Optional(Type.Enum(["form", "json", "none"])),
      params: Type.Optional(pairs()),
      done: Type.Optional(bodyMatch()),
      whole_grant: Type.Optional(Type.Boolean()),
    }),
  ),
});

export const searchYaml = closed({
  only_when_named: Type.Optional(Type.Boolean()),
  words: Type.Optional(Type.Array(text())),
  shapes: Type.Optional(Type.Array(Type.Enum([...shapes]))),
  lacks: Type.Optional(Type.Array(text({ maxLength: 120 }), { uniqueItems: true })),
});

export const skillFrontMatter = closed({
  name: text({ maxLength: 64 }),
  description: text({ maxLength: 1024 }),
  license: Type.Optional(text()),
  compatibility: Type.Optional(text({ maxLength: 500 })),
  metadata: Type.Optional(Type.Record(Type.String(), Type.String())),
  "allowed-tools": Type.Optional(Type.String()),
});

/** Our own keywords of a param; the rest of it is JSON Schema, where `required` lists fields of an object. */
export const param = Type.Object({
  description: line(),
  required: Type.Optional(Type.Unsafe<boolean | string[]>({ type: ["boolean", "array"] })),
  in: Type.Optional(Type.Enum(["path", "query", "body", "header", "part"])),
  as: Type.Optional(text()),
  segments: Type.Optional(Type.Union([Type.Integer({ minimum: 1 }), Type.Literal("many")])),
  array: Type.Optional(Type.Enum(["repeat", "comma", "brackets"])),
  style: Type.Optional(Type.Enum(["brackets"])),
  encode: Type.Optional(Type.Enum(["base64", "base64url"])),
  encoding: Type.Optional(Type.Enum(["text", "base64"])),
  media_type: Type.Optional(text()),
  filename: Type.Optional(text()),
  lines: Type.Optional(Type.Boolean()),
  ...fileKeywords,
});

const constants = Type.Object(
  {
    body: Type.Optional(Type.Record(Type.String({ pattern: "^.+$" }), Type.Unknown(), { minProperties: 1 })),
    query: Type.Optional(Type.Record(Type.String({ pattern: "^.+$" }), scalarOrList, { minProperties: 1 })),
    headers: Type.Optional(headers()),
  },
  { additionalProperties: false, minProperties: 1 },
);

const content = {
  media_type: Type.Optional(text()),
  text: Type.Optional(Type.String()),
  base64: Type.Optional(Type.String()),
};
const textsByName = () => Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]));

export type ViewYaml = { [name: string]: ViewFieldYaml };
export type ViewFieldYaml =
  | string
  | {
      from?: string;
      each?: string;
      as?: Decoder;
      fields?: ViewYaml;
      join?: string;
      flatten?: boolean;
    };
export const view = (levels = 4): Type.TUnsafe<ViewYaml> =>
  Type.Unsafe(named("^[A-Za-z][A-Za-z0-9_]*$", viewField(levels), { minProperties: 1 }));
/** A path, or an object with its own views below, to a depth that no answer worth reading exceeds. */
const viewField = (levels: number): Type.TSchema =>
  Type.Unsafe({
    type: ["string", "object"],
    pattern: `^${path}$`,
    additionalProperties: false,
    properties: {
      from: dottedPath(),
      each: dottedPath(),
      as: Type.Enum([...decoders]),
      ...(levels > 1 ? { fields: view(levels - 1) } : {}),
      join: Type.String(),
      flatten: Type.Boolean(),
    },
  });

export const endpointFrontMatter = closed({
  summary: line(),
  request: request(),
  base: Type.Optional(text()),
  params: Type.Optional(named("^[A-Za-z][A-Za-z0-9_]*$", param)),
  body: Type.Optional(Type.Enum(["json", "form", "rfc822_message", "multipart", "raw"])),
  media_type: Type.Optional(text()),
  body_under: Type.Optional(text()),
  body_root: Type.Optional(text()),
  graphql: Type.Optional(text()),
  constants: Type.Optional(constants),
  effect: Type.Enum(["read", "write", "destructive"]),
  scopes: Type.Array(scopeNeed),
  returns: line(),
  errors: Type.Optional(named("^([1-5][0-9]{2}|[A-Za-z][A-Za-z0-9_.-]*)$", line(), { minProperties: 1 })),
  refusals: Type.Optional(refusals),
  page: Type.Optional(page()),
  items: Type.Optional(dottedPath()),
  views: Type.Optional(closed({ readable: view() })),
  file: Type.Optional(answerFile),
  idempotency: Type.Optional(endpointIdempotency),
  irreversible: Type.Optional(Type.Boolean()),
  target: Type.Optional(line()),
  untrusted: Type.Optional(Type.Array(dottedPath(), { minItems: 1, uniqueItems: true })),
  reaches: Type.Optional(Type.Enum([...reaches])),
  asks: Type.Optional(Type.Array(text({ maxLength: 120 }), { minItems: 1, uniqueItems: true })),
  formerly: Type.Optional(formerly),
  deprecated: Type.Optional(deprecated),
  example: closed({
    params: Type.Record(Type.String(), Type.Unknown()),
    files: Type.Optional(named("^file_\\w+$", exampleFile, { minProperties: 1 })),
    sends: closed({
      method: method(),
      url: text({ pattern: "^/[^?#]*$" }),
      query: Type.Optional(textsByName()),
      headers: Type.Optional(Type.Record(Type.String(), Type.String())),
      json: Type.Optional(Type.Unknown()),
      form: Type.Optional(textsByName()),
      variables: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      message: Type.Optional(Type.String()),
      parts: Type.Optional(Type.Array(closed({ name: text(), filename: Type.Optional(text()), ...content }))),
      raw: Type.Optional(closed(content)),
    }),
    answer: Type.Optional(Type.Unknown()),
  }),
});

export type IntegrationYaml = Type.Static<typeof integrationYaml>;
export type AuthMethodYaml = Type.Static<typeof authMethod>;
export type SearchYaml = Type.Static<typeof searchYaml>;
export type ProviderYaml = Type.Static<typeof providerYaml>;
export type EndpointFrontMatter = Type.Static<typeof endpointFrontMatter>;
export type SkillFrontMatter = Type.Static<typeof skillFrontMatter>;
export type ParamFrontMatter = Type.Static<typeof param>;

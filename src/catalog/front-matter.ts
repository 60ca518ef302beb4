import Type from "typebox";

/** JSON Schemas of what integration authors write. Meaning beyond the shape is checked by the loaders. */

const closed = <T extends Type.TProperties>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });
const text = (options: { maxLength?: number; pattern?: string } = {}) =>
  Type.String({ minLength: 1, ...options });
const line = () => text({ pattern: "^[^\\r\\n]*$" });
/** An object with names of the author's choice, within a pattern. */
const named = <T extends Type.TSchema>(
  pattern: string,
  schema: T,
  options: { minProperties?: number } = {},
) => Type.Record(Type.String({ pattern }), schema, { additionalProperties: false, ...options });
const word = "^[a-z][a-z0-9_]*$";
const dottedPath = () => text({ pattern: "^[^.\\s]+(\\.[^.\\s]+)*$" });
const request = () => text({ pattern: "^(GET|POST|PUT|PATCH|DELETE) /[^\\s?#]*$" });
const scalar = Type.Unsafe<string | number | boolean>({ type: ["string", "number", "boolean"] });
const headers = () => named("^[a-z0-9-]+$", text({ pattern: "^[\\x20-\\x7e]+$" }));
const method = () => Type.Enum(["GET", "POST", "PUT", "PATCH", "DELETE"]);

export const integrationYaml = closed({
  name: line(),
  description: line(),
  category: text({ pattern: "^[a-z][a-z0-9-]*$" }),
  base_url: text(),
  headers: Type.Optional(headers()),
  auth: named(
    word,
    closed({
      fields: named(word, closed({ label: line(), help: text() }), { minProperties: 1 }),
      headers: Type.Optional(headers()),
      query: Type.Optional(Type.Record(Type.String(), text())),
    }),
    { minProperties: 1 },
  ),
  account: closed({ request: request(), id: dottedPath(), name: dottedPath() }),
  auth_failed: Type.Optional(
    named("^[^.\\s]+(\\.[^.\\s]+)*$", Type.Array(scalar, { minItems: 1 }), { minProperties: 1 }),
  ),
  suggested_skills: Type.Optional(Type.Array(line())),
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
const param = Type.Object({
  description: line(),
  required: Type.Optional(Type.Unsafe<boolean | string[]>({ type: ["boolean", "array"] })),
  in: Type.Optional(Type.Enum(["path", "query", "body", "header"])),
  as: Type.Optional(text()),
  segments: Type.Optional(Type.Union([Type.Integer({ minimum: 1 }), Type.Literal("many")])),
  array: Type.Optional(Type.Enum(["repeat", "comma"])),
});

const words = () => Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]));

export const endpointFrontMatter = closed({
  summary: line(),
  request: request(),
  params: Type.Optional(named("^[A-Za-z][A-Za-z0-9_]*$", param)),
  body: Type.Optional(Type.Enum(["json", "form", "rfc822_message"])),
  body_under: Type.Optional(text()),
  effect: Type.Enum(["read", "write", "destructive"]),
  scopes: Type.Array(text()),
  returns: line(),
  example: closed({
    params: Type.Record(Type.String(), Type.Unknown()),
    sends: closed({
      method: method(),
      url: text({ pattern: "^/[^?#]*$" }),
      query: Type.Optional(words()),
      headers: Type.Optional(Type.Record(Type.String(), Type.String())),
      json: Type.Optional(Type.Unknown()),
      form: Type.Optional(words()),
      message: Type.Optional(Type.String()),
    }),
  }),
});

export type IntegrationYaml = Type.Static<typeof integrationYaml>;
export type EndpointFrontMatter = Type.Static<typeof endpointFrontMatter>;
export type SkillFrontMatter = Type.Static<typeof skillFrontMatter>;
export type ParamFrontMatter = Type.Static<typeof param>;

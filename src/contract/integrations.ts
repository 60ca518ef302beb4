import Type from "typebox";
import type { Route } from "#contract/route.js";
import {
  effect,
  end,
  endpointName,
  httpMethod,
  nullable,
  slug,
  strict,
  unchecked,
} from "#contract/schemas.js";

const endpointSummary = Type.Object({
  name: endpointName,
  resource: Type.String({ description: "Folder the endpoint belongs to, such as issues" }),
  summary: Type.String(),
  method: httpMethod,
  effect,
  deprecated: Type.Optional(Type.Literal(true)),
});

const connectionSummary = Type.Object({ id: Type.String(), account: Type.String(), status: Type.String() });

const integrationSummary = Type.Object({
  slug,
  name: Type.String(),
  description: Type.String(),
  category: Type.String(),
  auth: Type.Array(Type.String(), { description: "Ways to connect, such as token" }),
  connected: Type.Boolean(),
  connections: Type.Array(connectionSummary),
  endpoints: Type.Integer({ description: "How many endpoints it has" }),
});

const setting = Type.Object({
  setting: Type.String(),
  label: Type.String(),
  help: Type.String({ description: "Where a person finds it" }),
  required: Type.Boolean(),
  one_of: Type.Optional(Type.Array(Type.String(), { description: "The only values there are" })),
  default: Type.Optional(Type.String()),
  sign_in: Type.Boolean({ description: "Asked for when signing in" }),
  credentials: Type.Array(Type.Integer(), {
    description: "The entries of `credentials` with which it is asked for, counted from 0",
  }),
});

const waysToConnect = Type.Object({
  sign_in: Type.Boolean({ description: "By signing in at the service: `POST /v1/connect` gives the page" }),
  credentials: Type.Array(
    Type.Array(
      Type.Object({
        field: Type.String(),
        label: Type.String(),
        help: Type.String({ description: "Where a person finds it" }),
        secret: Type.Boolean(),
      }),
    ),
    { description: "Or with any of these sets of fields, as `credentials` of `POST /v1/connect`" },
  ),
  settings: Type.Array(setting, {
    description: "Where the account is reached, as `settings` of `POST /v1/connect`",
  }),
  ends: Type.Array(
    Type.Intersect([
      end,
      Type.Object({
        credentials: nullable(
          Type.Integer({ description: "The entry of `credentials`, counted from 0; null for signing in" }),
        ),
      }),
    ]),
    { description: "Ways to connect that the service is to take no more" },
  ),
  hint: unchecked,
});

const question = strict({
  q: Type.Optional(
    Type.String({ maxLength: 2000, description: "What somebody wants to do, in plain words" }),
  ),
});

const hint = Type.Optional(
  Type.Object(
    { message: Type.String(), next: Type.Array(Type.String()) },
    { description: "Where no endpoint fits: what to do" },
  ),
);

export const listIntegrations = {
  method: "GET",
  path: "/v1/skills",
  auth: "any",
  summary: "List integrations, or search integrations and endpoints",
  query: question,
  reply: {
    status: 200,
    description: "The integrations; with `q` those with such a name, and the ten endpoints that fit best",
    body: Type.Object({
      integrations: Type.Array(integrationSummary),
      endpoints: Type.Optional(
        Type.Array(Type.Intersect([Type.Object({ integration: slug }), endpointSummary])),
      ),
      hint,
    }),
  },
  errors: ["bad_request"],
} as const satisfies Route;

export const getIntegration = {
  method: "GET",
  path: "/v1/skills/:integration",
  auth: "any",
  summary: "List the endpoints of an integration, or those that fit a question",
  params: Type.Object({ integration: slug }),
  query: question,
  reply: {
    status: 200,
    description: "The endpoints, with `q` the ten that fit best; and how an account is connected",
    body: Type.Object({
      integration: slug,
      endpoints: Type.Array(endpointSummary),
      connect: waysToConnect,
      checked_on: nullable(
        Type.String({ description: "YYYY-MM-DD: when it was last compared with the service" }),
      ),
      hint,
    }),
  },
  errors: ["bad_request", "not_found"],
} as const satisfies Route;

export const getEndpoint = {
  method: "GET",
  path: "/v1/skills/:integration/:endpoint",
  auth: "key",
  summary: "Read the documentation of an endpoint",
  params: Type.Object({ integration: slug, endpoint: endpointName }),
  reply: {
    status: 200,
    description: "Everything needed to call it",
    body: Type.Object({
      integration: slug,
      endpoint: endpointName,
      formerly: Type.Optional(
        Type.Array(endpointName, {
          description: "Names that it had before, the oldest first; it answers to them",
        }),
      ),
      deprecated: Type.Optional(
        Type.Object({
          message: Type.String({ description: "What is known of its end, and what comes in its place" }),
          on: nullable(Type.String({ description: "YYYY-MM-DD" })),
          instead: Type.Optional(endpointName),
        }),
      ),
      hint: Type.Optional(
        Type.Object(
          { message: Type.String() },
          { description: "Where it was asked for by a name that it had before" },
        ),
      ),
      summary: Type.String(),
      method: httpMethod,
      path: Type.String({ description: "Path at the service, with {param} for path parameters" }),
      calls: Type.Optional(
        Type.Array(endpointName, {
          description:
            "Endpoints that a composite calls, in order; `method` and `path` are those of the last",
        }),
      ),
      effect,
      irreversible: Type.Boolean({ description: "Nothing brings back what was before" }),
      target: Type.Union([Type.String(), Type.Null()], {
        description: "The thing that is acted on, with params in braces; null when unknown",
      }),
      untrusted: Type.Array(Type.String(), {
        description: "Paths of the answer whose text others write, so that it is not to be obeyed",
      }),
      reaches: Type.Enum(["outsiders", "tenant", "self"], {
        description:
          "Who notices: people outside the organization too, people within it, or the account alone",
      }),
      params: Type.Unknown({ description: "JSON Schema of `params`" }),
      example: Type.Unknown({ description: "Example `params`" }),
      scopes: Type.Array(Type.Union([Type.String(), Type.Array(Type.String())]), {
        description: "Scopes of the service that are needed; of a list one suffices",
      }),
      returns: Type.String({ description: "What comes back" }),
      views: Type.Object(
        { readable: Type.Optional(Type.Array(Type.String())) },
        { description: "Views of what comes back, and the paths of their fields" },
      ),
      markdown: Type.String({
        description: "What its author says beside all this, Markdown: advice, and what its errors mean",
      }),
    }),
  },
  errors: ["not_found"],
} as const satisfies Route;

export const getEndpointPage = {
  method: "GET",
  path: "/v1/skills/:integration/:endpoint.md",
  auth: "key",
  summary: "Read the documentation of an endpoint as a page in Markdown",
  params: getEndpoint.params,
  reply: {
    status: 200,
    description: "The page; the other route gives it too, to who accepts text/markdown before JSON",
    raw: true,
  },
  errors: ["not_found"],
} as const satisfies Route;

export const downloadSkill = {
  method: "GET",
  path: "/v1/:slug/download",
  auth: "key",
  summary: "Download the files of an integration's skill, or of a skill",
  params: Type.Object({ slug: { ...slug, description: "Of an integration, else of a skill" } }),
  reply: {
    status: 200,
    description: "The files of the folder",
    body: Type.Object({
      slug,
      directory: Type.Optional(Type.String({ description: "Name of the folder to write them to" })),
      files: Type.Array(
        Type.Object({
          file_path: Type.String(),
          content: Type.String(),
          encoding: Type.Optional(Type.Literal("base64", { description: "Of files that are not text" })),
          executable: Type.Optional(Type.Literal(true)),
        }),
      ),
    }),
  },
  errors: ["not_found"],
} as const satisfies Route;

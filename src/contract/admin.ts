import Type from "typebox";
import type { Route } from "#contract/route.js";
import { effect, nullable, slug, strict } from "#contract/schemas.js";

const provider = Type.String({
  minLength: 1,
  maxLength: 64,
  description: "Sign-in provider, such as google",
});

const providerStatus = Type.Object({
  provider,
  name: Type.String(),
  integrations: Type.Array(Type.String(), { description: "Who signs in here" }),
  configured: nullable(
    Type.Union([Type.Literal("environment"), Type.Literal("operator")], {
      description: "Where the OAuth client comes from; null when there is none",
    }),
  ),
  client_id: nullable(Type.String()),
  callback_url: Type.String({ description: "Redirect URI to register at the provider" }),
  register_url: Type.String({ description: "Page where an OAuth client is registered" }),
  settings: Type.Array(Type.String(), { description: "Names of the settings in the environment" }),
});

export const listProviders = {
  method: "GET",
  path: "/v1/admin/providers",
  auth: "key",
  permission: "operator",
  summary: "List sign-in providers, and whether an OAuth client is set up for each",
  reply: {
    status: 200,
    description: "The providers",
    body: Type.Object({ providers: Type.Array(providerStatus) }),
  },
  errors: ["forbidden"],
} as const satisfies Route;

export const setProvider = {
  method: "PUT",
  path: "/v1/admin/providers/:provider",
  auth: "key",
  permission: "operator",
  summary: "Set the OAuth client of a provider; the secret is sealed and never shown again",
  params: Type.Object({ provider }),
  body: strict({
    client_id: Type.String({ minLength: 1, maxLength: 512, pattern: "^[\\x21-\\x7e]+$" }),
    client_secret: Type.String({
      minLength: 1,
      maxLength: 8192,
      pattern: "^[\\x21-\\x7e]+$",
      description: "SECRET",
    }),
  }),
  reply: { status: 200, description: "The provider", body: providerStatus },
  errors: ["bad_request", "forbidden", "not_found"],
} as const satisfies Route;

export const removeProvider = {
  method: "DELETE",
  path: "/v1/admin/providers/:provider",
  auth: "key",
  permission: "operator",
  summary: "Forget the OAuth client that was set here; one in the environment counts again",
  params: Type.Object({ provider }),
  reply: { status: 200, description: "The provider", body: providerStatus },
  errors: ["forbidden", "not_found"],
} as const satisfies Route;

export const rotateKeys = {
  method: "POST",
  path: "/v1/admin/rotate-keys",
  auth: "key",
  permission: "operator",
  summary: "Make a new data key and seal everything anew with it, a few hundred secrets a request",
  body: strict({
    rotation: Type.Optional(
      Type.String({
        maxLength: 64,
        description: "`rotation` of the answer before; left out to begin, or to resume one left unfinished",
      }),
    ),
  }),
  reply: {
    status: 200,
    description: "How far it is; ask again with `rotation` until `remaining` is 0",
    body: Type.Object({
      rotation: Type.String({ description: "Id of the new data key" }),
      resealed: Type.Integer({ description: "By this request" }),
      remaining: Type.Integer(),
      broken: Type.Integer({
        description: "Secrets this request met that do not open; they are left as they are",
      }),
    }),
  },
  errors: ["bad_request", "forbidden", "conflict"],
} as const satisfies Route;

const scopeName = Type.String({ description: "As a scope names it: github.create_issue" });

export const reloadIntegrations = {
  method: "POST",
  path: "/v1/admin/integrations/reload",
  auth: "key",
  permission: "operator",
  summary: "Read the folders of integrations of this server again, without a restart",
  reply: {
    status: 200,
    description:
      "How they differ from before. With any problem in any file the answer is `conflict`, and nothing changes",
    body: Type.Object({
      added: Type.Array(slug),
      removed: Type.Array(slug),
      changed: Type.Array(slug),
      endpoints: Type.Object(
        {
          added: Type.Array(scopeName),
          removed: Type.Array(scopeName),
          renamed: Type.Array(Type.Object({ from: scopeName, to: scopeName })),
          effects: Type.Array(Type.Object({ endpoint: scopeName, from: effect, to: effect }), {
            description: "Those whose effect is another one now",
          }),
        },
        {
          description:
            "Keys with patterns and effects gain those that are added, and those of another effect",
        },
      ),
    }),
  },
  errors: ["forbidden", "conflict", "unavailable"],
} as const satisfies Route;

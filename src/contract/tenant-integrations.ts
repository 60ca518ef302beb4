import Type from "typebox";
import type { Route } from "#contract/route.js";
import { effect, endpointName, isoTime, nullable, slug } from "#contract/schemas.js";

const kind = Type.Enum(["shipped", "import", "mcp"], {
  description:
    "Comes with this server, was imported by the tenant, or is an MCP server that the tenant added",
});

const facts = { integration: slug, name: Type.String(), description: Type.String(), kind };

const enabled = Type.Boolean({ description: "Whether it is switched on" });

const listed = Type.Object({
  ...facts,
  enabled,
  endpoints: Type.Integer({ description: "How many endpoints it has" }),
  endpoints_on: Type.Integer({ description: "How many of them can be called" }),
});

const endpoint = Type.Object({
  name: endpointName,
  resource: Type.String({ description: "Folder the endpoint belongs to, such as issues" }),
  summary: Type.String(),
  effect,
  enabled,
  off_reason: nullable(
    Type.Enum(["owner", "write", "new", "changed", "step"], {
      description:
        "Why it is off: somebody switched it off; with the import it writes, is new or has changed, and nobody switched it on yet; a step of it is off",
    }),
  ),
});

const one = Type.Object({
  ...facts,
  enabled,
  endpoints: Type.Array(endpoint),
  report: Type.Unknown({ description: "What of its description could not be imported; null when all could" }),
  created_at: nullable(isoTime),
  updated_at: nullable(isoTime),
});

const params = Type.Object({ integration: slug });

export const listTenantIntegrations = {
  method: "GET",
  path: "/v1/integrations",
  auth: "any",
  summary: "List the integrations of the tenant, with those that are switched off",
  reply: {
    status: 200,
    description: "The integrations",
    body: Type.Object({ integrations: Type.Array(listed) }),
  },
  errors: [],
} as const satisfies Route;

export const getTenantIntegration = {
  method: "GET",
  path: "/v1/integrations/:integration",
  auth: "any",
  summary: "See an integration with all its endpoints, and which of them are switched off",
  params,
  reply: { status: 200, description: "The integration", body: one },
  errors: ["not_found"],
} as const satisfies Route;

export const switchIntegration = {
  method: "PATCH",
  path: "/v1/integrations/:integration",
  auth: "any",
  permission: "integrations:*",
  summary:
    "Switch an integration, or endpoints of it, on or off for the tenant. All of it is done, or nothing",
  params,
  body: Type.Object(
    {
      enabled: Type.Optional(Type.Boolean({ description: "The integration as a whole" })),
      endpoints: Type.Optional(
        Type.Record(Type.String(), Type.Boolean(), {
          description: "Endpoints by name",
          minProperties: 1,
          maxProperties: 20_000,
        }),
      ),
    },
    { additionalProperties: false, minProperties: 1 },
  ),
  reply: { status: 200, description: "The integration as it is now", body: one },
  errors: ["bad_request", "forbidden", "not_found"],
} as const satisfies Route;

export const removeIntegration = {
  method: "DELETE",
  path: "/v1/integrations/:integration",
  auth: "any",
  permission: "integrations:*",
  summary: "Remove an integration that the tenant brought, and disconnect its accounts",
  params,
  reply: {
    status: 200,
    description: "It is gone",
    body: Type.Object({
      integration: slug,
      connections: Type.Integer({ description: "How many accounts were disconnected with it" }),
    }),
  },
  errors: ["forbidden", "not_found", "conflict"],
} as const satisfies Route;

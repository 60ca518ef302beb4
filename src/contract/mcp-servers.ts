import Type from "typebox";
import { diff, endpointCounts, gains } from "#contract/catalogue-changes.js";
import type { Route } from "#contract/route.js";
import { slug, strict } from "#contract/schemas.js";

const server = Type.Object({
  integration: slug,
  closed: Type.Boolean({
    description: "It shows its tools to nobody without an account: connect one, and refresh",
  }),
  endpoints: endpointCounts,
  diff,
  gains,
  notes: Type.Array(Type.String({ description: "What of the tools could not be carried, or was changed" })),
  next: Type.Array(Type.String({ description: "A command that goes on from here" })),
});

const refusals = ["forbidden", "conflict", "upstream_unreachable", "upstream_timeout"] as const;

export const addMcpServer = {
  method: "POST",
  path: "/v1/integrations/mcp",
  auth: "any",
  permission: "integrations:*",
  summary: "Add an MCP server: its tools become endpoints of an integration of the tenant",
  body: strict({
    url: Type.String({ minLength: 1, maxLength: 2_000, description: "Of the server, https" }),
    slug: Type.Optional(slug),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 80, description: "As people know it" })),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description:
          "Headers of each request, no secrets; in one of them {token} may stand for the key that people connect with",
      }),
    ),
  }),
  reply: { status: 200, description: "The integration as it was made", body: server },
  errors: ["bad_request", ...refusals],
} as const satisfies Route;

export const refreshMcpServer = {
  method: "POST",
  path: "/v1/integrations/:integration/refresh",
  auth: "any",
  permission: "integrations:*",
  summary:
    "Read the tools of an MCP server anew, with the caller's account there. New ones are off, and so is what has changed",
  params: Type.Object({ integration: slug }),
  reply: { status: 200, description: "The integration, and how it differs", body: server },
  errors: ["bad_request", ...refusals, "not_found", "integration_not_connected", "token_expired"],
} as const satisfies Route;

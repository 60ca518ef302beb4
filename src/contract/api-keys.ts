import Type from "typebox";
import type { Route } from "#contract/route.js";
import { isoTime, nullable, strict } from "#contract/schemas.js";

const keyFields = {
  id: Type.String({ description: "Key id, key_…" }),
  name: Type.String(),
  key_prefix: Type.String({ description: "sk_ and the first 8 characters" }),
  scopes: Type.Array(Type.String()),
  expires_at: nullable(isoTime),
  created_at: isoTime,
  agent_id: Type.Optional(Type.String({ description: "The agent it is bound to, where it is" })),
};

export const listApiKeys = {
  method: "GET",
  path: "/api-keys",
  auth: "any",
  summary: "List your API keys; with a key of an agent, those of that agent",
  query: strict({
    everyone: Type.Optional(Type.Boolean({ description: "Those of all people of the tenant. Needs keys:*" })),
  }),
  reply: {
    status: 200,
    description: "A bare array, oldest first",
    body: Type.Array(
      Type.Object({
        ...keyFields,
        profile_id: Type.Optional(Type.String({ description: "Whose it is, where everyone's are listed" })),
        last_used_at: nullable(isoTime),
        revoked_at: nullable(isoTime),
      }),
    ),
  },
  errors: ["bad_request", "forbidden"],
} as const satisfies Route;

export const createApiKey = {
  method: "POST",
  path: "/api-keys",
  auth: "any",
  summary: "Create an API key",
  body: strict({
    name: Type.String({ minLength: 1, maxLength: 100 }),
    scopes: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        minItems: 1,
        maxItems: 100,
        description:
          'Integrations (github), endpoints (github.create_issue, github.list_*), effects (github:read, *:read), "*", or raw requests (github:raw), which no other scope contains. Left out: "*", or "*:read" for a key of an agent',
      }),
    ),
    expires_at: Type.Optional(
      nullable(
        Type.String({
          format: "date-time",
          description: "ISO 8601, or null for never. Left out: never, or in 90 days for a key of an agent",
        }),
      ),
    ),
    agent_id: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: "UUID or slug of the agent to bind it to. Needs agents:*, or a key of that agent",
      }),
    ),
  }),
  reply: {
    status: 201,
    description: "The key; `full_key` is shown this once",
    body: Type.Object({
      api_key: Type.Object(keyFields),
      full_key: Type.String({ description: "SECRET" }),
      hint: Type.Optional(
        Type.String({
          description:
            "For a key of an agent: what it may, and how to make one that may more or less. For any: the meaning of raw requests",
        }),
      ),
    }),
  },
  errors: ["bad_request", "forbidden", "not_found", "plan_limit_reached", "rate_limit_reached"],
} as const satisfies Route;

export const revokeApiKey = {
  method: "DELETE",
  path: "/api-keys/:id",
  auth: "any",
  summary: "Revoke an API key of yours, or with keys:* of anybody: it stops at the next call",
  params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
  reply: { status: 204, description: "Revoked" },
  errors: ["not_found", "forbidden"],
} as const satisfies Route;

export const rotateApiKey = {
  method: "POST",
  path: "/api-keys/:id/rotate",
  auth: "any",
  summary:
    "Replace an API key of yours: a new one with the same name, scopes and end; the old one stops at once",
  params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
  reply: {
    status: 201,
    description: "The new key; `full_key` is shown this once",
    body: Type.Object({ api_key: Type.Object(keyFields), full_key: Type.String({ description: "SECRET" }) }),
  },
  errors: ["not_found", "forbidden", "conflict"],
} as const satisfies Route;

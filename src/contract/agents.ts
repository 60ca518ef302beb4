import Type from "typebox";
import type { Route } from "#contract/route.js";
import { isoTime, nullable, strict } from "#contract/schemas.js";
import { idOrSlug } from "#contract/skill-schemas.js";

const agent = Type.Object({
  id: Type.String({ description: "UUID" }),
  slug: Type.String(),
  name: Type.String(),
  description: nullable(Type.String()),
  status: Type.Union([Type.Literal("active"), Type.Literal("paused")]),
  createdAt: isoTime,
  updatedAt: isoTime,
});
const one = Type.Object({ agent });
const id = Type.Object({ id: idOrSlug });
const name = Type.String({ minLength: 1, maxLength: 100 });
const description = Type.Union([Type.String({ maxLength: 1024 }), Type.Null()]);

export const listAgents = {
  method: "GET",
  path: "/api/agents",
  auth: "person",
  permission: "skills:read",
  summary: "List the agents of the tenant",
  reply: {
    status: 200,
    description: "By name",
    body: Type.Object({ agents: Type.Array(agent), total: Type.Integer() }),
  },
  errors: ["forbidden"],
} as const satisfies Route;

export const createAgent = {
  method: "POST",
  path: "/api/agents",
  auth: "person",
  permission: "agents:*",
  summary: "Create an agent",
  body: strict({ name, description: Type.Optional(description) }),
  reply: { status: 201, description: "The agent", body: one },
  errors: ["validation_failed", "forbidden", "conflict"],
} as const satisfies Route;

const ownAgent = Type.Object({
  id: Type.String({ description: "UUID" }),
  slug: Type.String({ description: "For agent_id of a key" }),
  name: Type.String(),
  description: nullable(Type.String()),
  status: Type.String({ description: "active or paused" }),
  created_at: isoTime,
});

export const listAgentsWithKey = {
  method: "GET",
  path: "/v1/agents",
  auth: "key",
  permission: "skills:read",
  summary: "List the agents of the tenant",
  reply: { status: 200, description: "By name", body: Type.Object({ agents: Type.Array(ownAgent) }) },
  errors: ["forbidden"],
} as const satisfies Route;

export const createAgentWithKey = {
  method: "POST",
  path: "/v1/agents",
  auth: "key",
  permission: "agents:*",
  summary: "Create an agent. Needs agents:*, and a key that stands for all of its person",
  body: strict({ name, description: Type.Optional(description) }),
  reply: { status: 201, description: "The agent", body: Type.Object({ agent: ownAgent }) },
  errors: ["bad_request", "forbidden", "conflict"],
} as const satisfies Route;

export const getAgent = {
  method: "GET",
  path: "/api/agents/:id",
  auth: "person",
  permission: "skills:read",
  summary: "See an agent",
  params: id,
  reply: { status: 200, description: "The agent", body: one },
  errors: ["forbidden", "not_found"],
} as const satisfies Route;

export const updateAgent = {
  method: "PATCH",
  path: "/api/agents/:id",
  auth: "person",
  permission: "agents:*",
  summary: "Rename or describe an agent",
  params: id,
  body: strict({ name: Type.Optional(name), description: Type.Optional(description) }),
  reply: { status: 200, description: "The agent", body: one },
  errors: ["validation_failed", "forbidden", "not_found", "conflict"],
} as const satisfies Route;

export const pauseAgent = {
  method: "POST",
  path: "/api/agents/:id/pause",
  auth: "person",
  permission: "agents:*",
  summary: "Pause an agent: its keys are refused at once",
  params: id,
  reply: { status: 200, description: "The agent", body: one },
  errors: ["forbidden", "not_found"],
} as const satisfies Route;

export const resumeAgent = {
  method: "POST",
  path: "/api/agents/:id/resume",
  auth: "person",
  permission: "agents:*",
  summary: "Let a paused agent work again",
  params: id,
  reply: { status: 200, description: "The agent", body: one },
  errors: ["forbidden", "not_found"],
} as const satisfies Route;

export const deleteAgent = {
  method: "DELETE",
  path: "/api/agents/:id",
  auth: "person",
  permission: "agents:*",
  summary: "Delete an agent: its keys are revoked, its assignments end",
  params: id,
  reply: { status: 200, description: "Done", body: Type.Object({ success: Type.Literal(true) }) },
  errors: ["forbidden", "not_found"],
} as const satisfies Route;

export const listAgentKeys = {
  method: "GET",
  path: "/api/agents/:id/keys",
  auth: "person",
  permission: "agents:*",
  summary: "List the keys of an agent",
  params: id,
  reply: {
    status: 200,
    description: "The keys, oldest first",
    body: Type.Object({
      keys: Type.Array(
        Type.Object({
          id: Type.String(),
          name: Type.String(),
          keyPrefix: Type.String(),
          scopes: Type.Array(Type.String()),
          profileId: Type.String(),
          lastUsedAt: nullable(isoTime),
          expiresAt: nullable(isoTime),
          revokedAt: nullable(isoTime),
          createdAt: isoTime,
        }),
      ),
    }),
  },
  errors: ["forbidden", "not_found"],
} as const satisfies Route;

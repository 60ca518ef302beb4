import Type from "typebox";
import type { Route } from "#contract/route.js";
import { isoTime, nullable, strict } from "#contract/schemas.js";
import { config, idOrSlug, semver } from "#contract/skill-schemas.js";

const priority = Type.Integer({ minimum: -1_000_000, maximum: 1_000_000 });
const success = {
  status: 200,
  description: "Done",
  body: Type.Object({ success: Type.Literal(true) }),
} as const;

export const listSkillAgents = {
  method: "GET",
  path: "/api/skills/:id/agents",
  auth: "person",
  permission: "skills:read",
  summary: "List the agents that have a skill",
  params: Type.Object({ id: idOrSlug }),
  reply: {
    status: 200,
    description: "The assignments",
    body: Type.Object({
      agents: Type.Array(
        Type.Object({
          id: Type.String({ description: "Of the assignment" }),
          agentId: Type.String(),
          agentName: Type.String(),
          agentStatus: Type.String(),
          enabled: Type.Boolean(),
          config,
          priority: Type.Integer(),
          assignedAt: isoTime,
          assignedBy: Type.String(),
        }),
      ),
    }),
  },
  errors: ["forbidden", "not_found"],
} as const satisfies Route;

export const assignSkill = {
  method: "POST",
  path: "/api/skills/:id/assign",
  auth: "person",
  permission: "skills:write",
  summary: "Assign a skill to an agent. It grants no access to a tool",
  params: Type.Object({ id: idOrSlug }),
  body: strict({
    agentId: idOrSlug,
    config: Type.Optional(config),
    priority: Type.Optional(priority),
    version: Type.Optional({ ...semver, description: "Pin it; else it follows the current version" }),
  }),
  reply: {
    status: 201,
    description: "The assignment",
    body: Type.Object({
      assignment: Type.Object({
        id: Type.String(),
        tenantId: Type.String(),
        skillId: Type.String(),
        agentId: Type.String(),
        skillVersion: nullable(Type.String()),
        listingRef: nullable(Type.String()),
        enabled: Type.Boolean(),
        config,
        priority: Type.Integer(),
        assignedAt: isoTime,
        assignedBy: Type.String(),
      }),
    }),
  },
  errors: ["bad_request", "validation_failed", "forbidden", "not_found"],
} as const satisfies Route;

export const unassignSkill = {
  method: "DELETE",
  path: "/api/skills/:id/unassign/:agentId",
  auth: "person",
  permission: "skills:write",
  summary: "Take a skill from an agent",
  params: Type.Object({ id: idOrSlug, agentId: idOrSlug }),
  reply: success,
  errors: ["forbidden", "not_found"],
} as const satisfies Route;

export const updateAssignment = {
  method: "PATCH",
  path: "/api/skills/:id/assignments/:agentId",
  auth: "person",
  permission: "skills:write",
  summary: "Enable, disable, pin or configure an assignment",
  params: Type.Object({ id: idOrSlug, agentId: idOrSlug }),
  body: strict({
    enabled: Type.Optional(Type.Boolean()),
    config: Type.Optional(config),
    priority: Type.Optional(priority),
    version: Type.Optional(
      Type.Union([semver, Type.Null()], { description: "Null follows the current one" }),
    ),
  }),
  reply: success,
  errors: ["validation_failed", "forbidden", "not_found"],
} as const satisfies Route;

const agentSkillFields = {
  assignmentId: Type.String(),
  skillId: Type.String(),
  name: Type.String(),
  slug: Type.String(),
  description: Type.String(),
  category: nullable(Type.String()),
  listingRef: nullable(Type.String()),
  enabled: Type.Boolean(),
  config,
  priority: Type.Integer(),
  assignedAt: isoTime,
};

export const listAgentSkills = {
  method: "GET",
  path: "/api/skills/agent/:agentId",
  auth: "person",
  permission: "skills:read",
  summary: "List the skills of an agent",
  params: Type.Object({ agentId: idOrSlug }),
  reply: {
    status: 200,
    description: "By priority, highest first",
    body: Type.Object({ skills: Type.Array(Type.Object(agentSkillFields)) }),
  },
  errors: ["forbidden", "not_found"],
} as const satisfies Route;

const pinned = nullable(Type.String({ description: "Null follows the current one" }));

export const listAssignments = {
  method: "GET",
  path: "/api/agents/:id/skills",
  auth: "person",
  permission: "skills:read",
  summary: "List the skills of an agent, and the versions they are pinned to",
  params: Type.Object({ id: idOrSlug }),
  reply: {
    status: 200,
    description: "By priority, highest first",
    body: Type.Object({
      skills: Type.Array(Type.Object({ ...agentSkillFields, pinnedVersion: pinned })),
    }),
  },
  errors: ["forbidden", "not_found"],
} as const satisfies Route;

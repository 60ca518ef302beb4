import Type from "typebox";
import type { Route } from "#contract/route.js";
import { isoTime, strict } from "#contract/schemas.js";
import {
  config,
  idOrSlug,
  listedSkill,
  newFile,
  semver,
  skill,
  text,
  toolIds,
} from "#contract/skill-schemas.js";

const id = Type.Object({ id: idOrSlug });
const status = Type.Union([Type.Literal("active"), Type.Literal("archived"), Type.Literal("all")]);
const oneSkill = Type.Object({ skill });

export const listSkills = {
  method: "GET",
  path: "/api/skills",
  auth: "person",
  permission: "skills:read",
  summary: "List the skills of the tenant",
  query: strict({
    category: Type.Optional(Type.String({ maxLength: 64 })),
    status: Type.Optional(status),
    q: Type.Optional(Type.String({ maxLength: 200, description: "Words to rank by" })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
    offset: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
  }),
  reply: {
    status: 200,
    description: "The skills, and how many there are in all",
    body: Type.Object({ skills: Type.Array(listedSkill), total: Type.Integer() }),
  },
  errors: ["validation_failed", "forbidden"],
} as const satisfies Route;

export const listSkillCategories = {
  method: "GET",
  path: "/api/skills/categories",
  auth: "person",
  permission: "skills:read",
  summary: "List the categories in use",
  reply: {
    status: 200,
    description: "In alphabetical order",
    body: Type.Object({ categories: Type.Array(Type.String()) }),
  },
  errors: ["forbidden"],
} as const satisfies Route;

export const getSkill = {
  method: "GET",
  path: "/api/skills/:id",
  auth: "person",
  permission: "skills:read",
  summary: "See a skill and who has it",
  params: id,
  reply: {
    status: 200,
    description: "The skill",
    body: Type.Object({
      skill,
      assignedAgents: Type.Array(
        Type.Object({
          agentId: Type.String(),
          agentName: Type.String(),
          enabled: Type.Boolean(),
          assignedAt: isoTime,
        }),
      ),
    }),
  },
  errors: ["forbidden", "not_found"],
} as const satisfies Route;

export const createSkill = {
  method: "POST",
  path: "/api/skills",
  auth: "person",
  permission: "skills:write",
  summary: "Create a skill: a draft, and with `publish` its first version",
  body: strict({
    name: Type.String({ minLength: 1, maxLength: 64, description: "Becomes the slug and the folder's name" }),
    description: text({ minLength: 1, maxLength: 1024 }),
    category: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    toolIds: Type.Optional(toolIds),
    instructions: text({ minLength: 1, description: "Body of SKILL.md" }),
    files: Type.Optional(Type.Array(newFile, { maxItems: 1000 })),
    config: Type.Optional(config),
    publish: Type.Optional(semver),
  }),
  reply: { status: 201, description: "The skill", body: oneSkill },
  errors: ["validation_failed", "forbidden", "conflict", "payload_too_large", "plan_limit_reached"],
} as const satisfies Route;

export const updateSkill = {
  method: "PATCH",
  path: "/api/skills/:id",
  auth: "person",
  permission: "skills:write",
  summary: "Edit a skill: what concerns its folder goes into the draft",
  params: id,
  body: strict({
    description: Type.Optional(text({ minLength: 1, maxLength: 1024 })),
    category: Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 64 }), Type.Null()])),
    toolIds: Type.Optional(toolIds),
    instructions: Type.Optional(text({ minLength: 1 })),
    /** Added or replaced; those with neither content nor base64 are removed. */
    files: Type.Optional(Type.Array(newFile, { maxItems: 1000 })),
    config: Type.Optional(config),
  }),
  reply: { status: 200, description: "The skill", body: oneSkill },
  errors: [
    "validation_failed",
    "forbidden",
    "not_found",
    "conflict",
    "payload_too_large",
    "plan_limit_reached",
  ],
} as const satisfies Route;

const change = <Path extends string>(path: Path, summary: string) =>
  ({
    method: "POST",
    path,
    auth: "person",
    permission: "skills:write",
    summary,
    params: id,
    reply: { status: 200, description: "The skill", body: oneSkill },
    errors: ["forbidden", "not_found", "conflict"],
  }) as const satisfies Route;

export const archiveSkill = change(
  "/api/skills/:id/archive",
  "Archive a skill: agents do not get it any more",
);
export const restoreSkill = change("/api/skills/:id/restore", "Take a skill out of the archive");

export const duplicateSkill = {
  method: "POST",
  path: "/api/skills/:id/duplicate",
  auth: "person",
  permission: "skills:write",
  summary: "Make a copy to edit",
  params: id,
  body: strict({ name: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })) }),
  reply: { status: 201, description: "The copy, a draft", body: oneSkill },
  errors: ["validation_failed", "forbidden", "not_found", "conflict", "plan_limit_reached"],
} as const satisfies Route;

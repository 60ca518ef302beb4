import Type from "typebox";
import type { Route } from "#contract/route.js";
import { strict } from "#contract/schemas.js";
import {
  frontmatter,
  idOrSlug,
  problem,
  semver,
  skill,
  skippedSkill,
  text,
} from "#contract/skill-schemas.js";

const id = Type.Object({ id: idOrSlug });

const imported = {
  query: strict({
    publish: Type.Optional(Type.Boolean({ default: true, description: "Publish what is imported" })),
    replace: Type.Optional(Type.Boolean({ description: "Skills of the same name get a new version" })),
    version: Type.Optional({ ...semver, description: "Of the one skill in the archive" }),
    notes: Type.Optional(text({ maxLength: 10_000, description: "On the versions" })),
  }),
  archive: true,
  reply: {
    status: 201,
    description: "The skills that came in; the errors among `problems` are of those that are `skipped`",
    body: Type.Object({
      skills: Type.Array(skill),
      skipped: Type.Array(skippedSkill),
      problems: Type.Array(problem),
    }),
  },
} as const;

export const importSkills = {
  method: "POST",
  path: "/api/skills/import",
  auth: "person",
  permission: "skills:write",
  summary: "Import skills from a zip or tar.gz: raw body, or multipart field `file`",
  ...imported,
  errors: [
    "validation_failed",
    "forbidden",
    "conflict",
    "payload_too_large",
    "plan_limit_reached",
    "unavailable",
  ],
} as const satisfies Route;

export const importWithKey = {
  method: "POST",
  path: "/v1/registry/import",
  auth: "key",
  permission: "skills:write",
  summary: "Import skills from a zip or tar.gz, with an API key of somebody who may",
  ...imported,
  errors: ["bad_request", "forbidden", "conflict", "payload_too_large", "plan_limit_reached", "unavailable"],
} as const satisfies Route;

export const exportSkill = {
  method: "GET",
  path: "/api/skills/:id/export",
  auth: "person",
  permission: "skills:read",
  summary: "Export a skill as a zip",
  params: id,
  query: strict({ version: Type.Optional(Type.String({ maxLength: 64 })) }),
  reply: { status: 200, description: "A zip with one folder", raw: true },
  errors: ["forbidden", "not_found", "unavailable"],
} as const satisfies Route;

const validated = {
  query: strict({
    strict: Type.Optional(Type.Boolean({ description: "By the rules of the format's reference validator" })),
  }),
  archive: true,
  reply: {
    status: 200,
    description: "Whether all of it is valid, the skills that would come in, and everything that is wrong",
    body: Type.Object({
      valid: Type.Boolean(),
      skills: Type.Array(
        Type.Object({
          folder: Type.String({ description: "Where it lies in the archive" }),
          slug: Type.String(),
          frontmatter,
        }),
      ),
      skipped: Type.Array(skippedSkill),
      problems: Type.Array(problem),
    }),
  },
} as const;

export const validateSkill = {
  method: "POST",
  path: "/api/skills/validate",
  auth: "person",
  permission: "skills:read",
  summary: "Check a skill folder against the Agent Skills rules, without storing anything",
  ...validated,
  errors: ["validation_failed", "forbidden", "payload_too_large", "unavailable"],
} as const satisfies Route;

export const validateWithKey = {
  method: "POST",
  path: "/v1/registry/validate",
  auth: "key",
  permission: "skills:read",
  summary: "Check a skill folder against the Agent Skills rules, with an API key",
  ...validated,
  errors: ["bad_request", "forbidden", "payload_too_large", "unavailable"],
} as const satisfies Route;

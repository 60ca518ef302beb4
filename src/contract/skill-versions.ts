import Type from "typebox";
import type { Route } from "#contract/route.js";
import { strict } from "#contract/schemas.js";
import {
  fileEntry,
  frontmatter,
  idOrSlug,
  semver,
  skill,
  text,
  versionEntry,
} from "#contract/skill-schemas.js";

const id = Type.Object({ id: idOrSlug });
const oneSkill = Type.Object({ skill });

export const publishSkill = {
  method: "POST",
  path: "/api/skills/:id/publish",
  auth: "person",
  permission: "skills:write",
  summary: "Publish the draft as a version that never changes",
  params: id,
  body: strict({
    version: Type.Optional(semver),
    notes: Type.Optional(text({ maxLength: 10_000 })),
  }),
  reply: { status: 201, description: "The skill", body: oneSkill },
  errors: ["validation_failed", "forbidden", "not_found", "conflict"],
} as const satisfies Route;

export const listVersions = {
  method: "GET",
  path: "/api/skills/:id/versions",
  auth: "person",
  permission: "skills:read",
  summary: "List the versions, newest first",
  params: id,
  reply: {
    status: 200,
    description: "The versions",
    body: Type.Object({ versions: Type.Array(versionEntry) }),
  },
  errors: ["forbidden", "not_found"],
} as const satisfies Route;

export const getVersion = {
  method: "GET",
  path: "/api/skills/:id/versions/:version",
  auth: "person",
  permission: "skills:read",
  summary: "See the files of a version",
  params: Type.Object({ id: idOrSlug, version: Type.String({ maxLength: 64 }) }),
  reply: {
    status: 200,
    description: "The version",
    body: Type.Object({
      version: versionEntry,
      files: Type.Array(fileEntry),
      frontmatter,
      instructions: Type.String(),
    }),
  },
  errors: ["forbidden", "not_found"],
} as const satisfies Route;

export const diffVersions = {
  method: "GET",
  path: "/api/skills/:id/diff",
  auth: "person",
  permission: "skills:read",
  summary: "Compare two versions",
  params: id,
  query: strict({ from: Type.String({ maxLength: 64 }), to: Type.String({ maxLength: 64 }) }),
  reply: {
    status: 200,
    description: "What changed, file by file",
    body: Type.Object({
      files: Type.Array(
        Type.Object({
          path: Type.String(),
          change: Type.Union([Type.Literal("added"), Type.Literal("removed"), Type.Literal("changed")]),
          diff: Type.Optional(Type.String({ description: "Unified; left out for files that are not text" })),
        }),
      ),
    }),
  },
  errors: ["validation_failed", "forbidden", "not_found", "unavailable"],
} as const satisfies Route;

export const rollBackSkill = {
  method: "POST",
  path: "/api/skills/:id/rollback",
  auth: "person",
  permission: "skills:write",
  summary: "Make an earlier version the current one",
  params: id,
  body: strict({ version: semver }),
  reply: { status: 200, description: "The skill", body: oneSkill },
  errors: ["validation_failed", "forbidden", "not_found", "conflict"],
} as const satisfies Route;

export const getSkillFile = {
  method: "GET",
  path: "/api/skills/:id/versions/:version/files/*",
  auth: "person",
  permission: "skills:read",
  summary: "Read one file",
  params: Type.Object({
    id: idOrSlug,
    version: Type.String({ maxLength: 64 }),
    "*": Type.String({ maxLength: 512, description: "Path of the file" }),
  }),
  reply: { status: 200, description: "Its bytes", raw: true },
  errors: ["forbidden", "not_found"],
} as const satisfies Route;

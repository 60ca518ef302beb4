import Type from "typebox";
import { isoTime, nullable } from "#contract/schemas.js";

/** Schemas of the skill registry that several routes share. Names are camelCase under `/api`. */

export const idOrSlug = Type.String({ minLength: 1, maxLength: 64, description: "UUID or slug" });
export const config = Type.Record(Type.String(), Type.Unknown(), { description: "Free settings" });
const number = "(?:0|[1-9]\\d{0,8})";
const identifiers = (one: string) => `${one}(?:\\.${one})*`;
export const semver = Type.String({
  pattern: `^${number}\\.${number}\\.${number}(?:-${identifiers("(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)")})?(?:\\+${identifiers("[0-9A-Za-z-]+")})?$`,
  maxLength: 64,
  description: "Semantic version, 1.2.0",
});

const skillFields = {
  id: Type.String({ description: "UUID" }),
  name: Type.String(),
  slug: Type.String(),
  description: Type.String(),
  category: nullable(Type.String()),
  toolIds: Type.Array(Type.String(), { description: "Endpoints it needs, github.create_issue" }),
  config,
  listingRef: nullable(Type.String()),
  listingVersion: nullable(Type.String()),
  locked: Type.Boolean({ description: "From the store: duplicate it to edit" }),
  currentVersion: nullable(Type.String()),
  status: Type.Union([Type.Literal("active"), Type.Literal("archived")]),
  createdAt: isoTime,
  updatedAt: isoTime,
  source: Type.Union([Type.Literal("custom"), Type.Literal("store")]),
};

export const skill = Type.Object(skillFields);
export const listedSkill = Type.Object({ ...skillFields, assignedAgentsCount: Type.Integer() });

export const fileEntry = Type.Object({
  path: Type.String(),
  size: Type.Integer({ description: "Bytes" }),
  digest: Type.String({ description: "sha256:…" }),
  executable: Type.Boolean(),
});

/** A file as it comes in: text, or bytes in Base64. */
export const newFile = Type.Object(
  {
    path: Type.String({ minLength: 1, maxLength: 512 }),
    content: Type.Optional(Type.String()),
    base64: Type.Optional(Type.String()),
    executable: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

export const problem = Type.Object({
  file: Type.String(),
  line: nullable(Type.Integer()),
  message: Type.String({ description: "What is wrong, and how to put it right" }),
  severity: Type.Union([Type.Literal("error"), Type.Literal("warning")]),
});

/** A skill that an archive or another server has, and that is left out. */
export const skippedSkill = Type.Object({
  folder: Type.String({ description: "Where it lies in the archive, or its name there" }),
  reason: Type.String({ description: "The first thing that is wrong with it, with file and line" }),
});

/** Front matter of a SKILL.md, with all that the programs read that know more than the format. */
export const frontmatter = Type.Record(Type.String(), Type.Unknown(), {
  description: "Of SKILL.md, as it stands there, every scalar as text",
});

export const versionEntry = Type.Object({
  version: Type.String({ description: "Semantic version, or draft" }),
  digest: Type.String(),
  notes: nullable(Type.String()),
  createdAt: isoTime,
  createdBy: Type.String(),
  current: Type.Boolean(),
});

/** An endpoint a skill needs, and whether the caller may call it. */
export const requirement = Type.Object({
  endpoint: Type.String({ description: "github.create_issue" }),
  met: Type.Boolean(),
  reason: nullable(
    Type.Union([
      Type.Literal("not_connected"),
      Type.Literal("out_of_scope"),
      Type.Literal("switched_off"),
      Type.Literal("unknown"),
    ]),
  ),
  next: nullable(Type.String({ description: "The step that puts it right" })),
});

/** Endpoints a skill needs. */
export const toolIds = Type.Array(
  Type.String({ pattern: "^[a-z0-9][a-z0-9-]*\\.[A-Za-z0-9_-]+$", maxLength: 200 }),
  { maxItems: 200, uniqueItems: true, description: "Endpoints it needs, github.create_issue" },
);

/** Text of several lines. */
export const text = (rules: { minLength?: number; maxLength?: number; description?: string }) =>
  Type.String({ ...rules, contentMediaType: "text/plain" });

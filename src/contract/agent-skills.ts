import Type from "typebox";
import type { Route } from "#contract/route.js";
import { nullable, slug, strict } from "#contract/schemas.js";
import { fileEntry, frontmatter, idOrSlug, requirement, text } from "#contract/skill-schemas.js";

/** The questions of an agent about skills. The MCP tools call the same routes. */

const name = Type.String({ description: "Slug of the skill" });
const category = nullable(Type.String());
const ofCategory = Type.Optional(Type.String({ minLength: 1, maxLength: 64 }));

export const querySkill = {
  method: "POST",
  path: "/v1/agent/skills/:skill/query",
  auth: "key",
  summary: "Load the instructions of an assigned skill, and the references that fit a question",
  params: Type.Object({ skill: idOrSlug }),
  body: strict({
    query: Type.Optional(text({ maxLength: 4000, description: "The question or topic" })),
    context: Type.Optional(text({ maxLength: 16_000, description: "More words to rank references by" })),
    reference_file: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 512,
        description: "Exactly this file comes along, and no other: ESCALATION-MATRIX.md",
      }),
    ),
    cursor: Type.Optional(
      Type.String({ minLength: 1, maxLength: 1000, description: "next_cursor of the answer before" }),
    ),
  }),
  reply: {
    status: 200,
    description: "The skill in the version the agent is pinned to, else the current one",
    body: Type.Object({
      skill: Type.Object({ id: name, name: Type.String(), description: Type.String(), category }),
      version: Type.String(),
      instructions: Type.String({
        description: "SKILL.md without its front matter, or the part of it that this answer holds",
      }),
      references: Type.Array(Type.Object({ filename: Type.String(), content: Type.String() }), {
        description: "Best first, as many as fit the budget",
      }),
      available_references: Type.Array(Type.String(), { description: "All there are" }),
      available_scripts: Type.Array(Type.String()),
      unmet_requirements: Type.Array(requirement),
      next_cursor: Type.Optional(Type.String({ description: "Where it goes on, if this is not the end" })),
    }),
  },
  errors: ["bad_request", "forbidden", "not_found", "conflict"],
} as const satisfies Route;

export const discoverSkills = {
  method: "GET",
  path: "/v1/agent/catalog",
  auth: "key",
  summary: "Browse all skills of the tenant, assigned or not: what they are, not what they say",
  query: strict({
    category: ofCategory,
    q: Type.Optional(Type.String({ maxLength: 200, description: "Words to rank by" })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    offset: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
    cursor: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        description: "next_cursor of the page before, instead of offset",
      }),
    ),
  }),
  reply: {
    status: 200,
    description: "With `q` the best first, else by name",
    body: Type.Object({
      skills: Type.Array(
        Type.Object({
          id: name,
          name: Type.String(),
          description: Type.String(),
          category,
          version: Type.String(),
          author: nullable(Type.String()),
          assigned_to_me: Type.Boolean({ description: "Querying it works" }),
        }),
      ),
      total: Type.Integer(),
      next_cursor: Type.Optional(Type.String({ description: "For the page after, if there is one" })),
    }),
  },
  errors: ["bad_request", "forbidden"],
} as const satisfies Route;

const connector = Type.Object({ id: slug, name: Type.String(), category: Type.String() });

export const discoverConnectors = {
  method: "GET",
  path: "/v1/agent/connectors",
  auth: "key",
  summary: "See which integrations are connected, which could be, and what skills go with them",
  query: strict({ category: ofCategory }),
  reply: {
    status: 200,
    description: "By slug",
    body: Type.Object({
      connected: Type.Array(connector),
      available: Type.Array(connector),
      suggested_skills: Type.Array(
        Type.Object({
          integration_id: slug,
          suggested_skills: Type.Array(Type.String(), { description: "Slugs, for skill requests" }),
        }),
      ),
    }),
  },
  errors: ["bad_request", "forbidden"],
} as const satisfies Route;

const manifest = Type.Object({
  name,
  version: Type.String(),
  frontmatter,
  files: Type.Array(fileEntry, { description: "SKILL.md first, then by path" }),
});

export const listSkillManifests = {
  method: "GET",
  path: "/v1/agent/manifests",
  auth: "key",
  summary: "List the skills of the key's agent with front matter and files",
  query: strict({
    cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: "Of the page before" })),
  }),
  reply: {
    status: 200,
    description: "50 at a time, by name",
    body: Type.Object({ skills: Type.Array(manifest), next_cursor: nullable(Type.String()) }),
  },
  errors: ["bad_request", "forbidden"],
} as const satisfies Route;

export const getSkillManifest = {
  method: "GET",
  path: "/v1/agent/manifests/:skill",
  auth: "key",
  summary: "Read front matter and files of one of them",
  params: Type.Object({ skill: idOrSlug }),
  reply: { status: 200, description: "The manifest", body: manifest },
  errors: ["forbidden", "not_found"],
} as const satisfies Route;

export const getOwnSkills = {
  method: "GET",
  path: "/v1/agent/skills",
  auth: "key",
  summary:
    "List the skills of the key's agent; for a key without an agent, all of its tenant. What they need is told with each",
  reply: {
    status: 200,
    description: "Those that are enabled, active and published: by priority, highest first",
    body: Type.Object({
      agent_id: nullable(Type.String()),
      skills: Type.Array(
        Type.Object({
          id: Type.String({ description: "UUID" }),
          slug: Type.String(),
          name: Type.String(),
          description: Type.String(),
          category: nullable(Type.String()),
          version: Type.String({ description: "The pinned version, else the current one" }),
          digest: Type.String({ description: "sha256:…, of that version" }),
          requirements: Type.Array(requirement),
        }),
      ),
    }),
  },
  errors: ["forbidden"],
} as const satisfies Route;

import Type from "typebox";
import type { Route } from "#contract/route.js";
import { isoTime, nullable, strict } from "#contract/schemas.js";
import { fileEntry, problem, skill, skippedSkill } from "#contract/skill-schemas.js";
import { diffVersions } from "#contract/skill-versions.js";

const sourceName = Type.String({
  pattern: "^[a-z0-9]+(-[a-z0-9]+)*$",
  maxLength: 64,
  description: "Lower-case letters, digits and single dashes",
});
const listingName = Type.String({ minLength: 1, maxLength: 64, description: "Name of the skill there" });

const listing = Type.Object({
  ref: Type.String({ description: "<source>/<name>" }),
  source: Type.String(),
  name: Type.String(),
  description: Type.String(),
  category: nullable(Type.String()),
  version: Type.String({ description: "Semantic version; 0.0.0+… when the skill names none" }),
  author: nullable(Type.String()),
  installed: Type.Boolean(),
  skillId: nullable(Type.String({ description: "The skill it was installed as" })),
  installedVersion: nullable(Type.String({ description: "Version of the listing that is installed" })),
  updateAvailable: Type.Boolean({ description: "Its files differ from the installed ones" }),
});

const source = Type.Object({
  name: Type.String(),
  kind: Type.Union(
    [
      Type.Literal("builtin"),
      Type.Literal("directory"),
      Type.Literal("archive"),
      Type.Literal("remote"),
      Type.Literal("git"),
    ],
    { description: "The first two are the operator's and there for every tenant" },
  ),
  url: nullable(Type.String({ description: "Index of a remote one; repository of one in git" })),
  ref: nullable(Type.String({ description: "Branch or tag of a repository; null is its default branch" })),
  folder: nullable(Type.String({ description: "Folder of a repository that is read; null is all of it" })),
  commit: nullable(Type.String({ description: "What was read of a repository last" })),
  listings: Type.Integer(),
  createdAt: nullable(isoTime),
  refreshedAt: nullable(isoTime),
});
const sourceRead = Type.Object({
  source,
  skipped: Type.Array(skippedSkill),
  problems: Type.Array(problem),
});
const sourceParam = Type.Object({ source: sourceName });
const ref = Type.Object({ source: sourceName, name: listingName });
const oneSkill = Type.Object({ skill });

export const listListings = {
  method: "GET",
  path: "/api/listings",
  auth: "person",
  permission: "skills:read",
  summary: "List the skills that can be installed",
  query: strict({
    q: Type.Optional(Type.String({ maxLength: 200, description: "Words to rank by" })),
    category: Type.Optional(Type.String({ maxLength: 64 })),
    source: Type.Optional(sourceName),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
    offset: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
  }),
  reply: {
    status: 200,
    description: "The listings, by source and name or by rank, and how many there are in all",
    body: Type.Object({ listings: Type.Array(listing), total: Type.Integer() }),
  },
  errors: ["validation_failed", "forbidden"],
} as const satisfies Route;

export const getListing = {
  method: "GET",
  path: "/api/listings/:source/:name",
  auth: "person",
  permission: "skills:read",
  summary: "See a listing and its files",
  params: ref,
  reply: {
    status: 200,
    description: "The listing",
    body: Type.Object({ listing, instructions: Type.String(), files: Type.Array(fileEntry) }),
  },
  errors: ["validation_failed", "forbidden", "not_found", "unavailable"],
} as const satisfies Route;

export const installListing = {
  method: "POST",
  path: "/api/listings/:source/:name/install",
  auth: "person",
  permission: "skills:write",
  summary: "Install a listing as a skill of the tenant: published, and locked",
  params: ref,
  reply: { status: 201, description: "The skill", body: oneSkill },
  errors: ["validation_failed", "forbidden", "not_found", "conflict", "plan_limit_reached", "unavailable"],
} as const satisfies Route;

export const diffListing = {
  method: "GET",
  path: "/api/listings/:source/:name/update",
  auth: "person",
  permission: "skills:read",
  summary: "See what an update would change",
  params: ref,
  reply: {
    status: 200,
    description: "What changes, file by file; nothing when it is up to date",
    body: Type.Object({ listing, files: diffVersions.reply.body.properties.files }),
  },
  errors: ["validation_failed", "forbidden", "not_found", "conflict", "unavailable"],
} as const satisfies Route;

export const updateFromListing = {
  method: "POST",
  path: "/api/listings/:source/:name/update",
  auth: "person",
  permission: "skills:write",
  summary: "Bring an installed skill to what its listing is now, as a new version",
  params: ref,
  reply: { status: 200, description: "The skill", body: oneSkill },
  errors: ["validation_failed", "forbidden", "not_found", "conflict", "plan_limit_reached", "unavailable"],
} as const satisfies Route;

export const listListingSources = {
  method: "GET",
  path: "/api/listings/sources",
  auth: "person",
  permission: "skills:read",
  summary: "List where listings come from",
  reply: {
    status: 200,
    description: "Those of the operator first",
    body: Type.Object({ sources: Type.Array(source) }),
  },
  errors: ["forbidden"],
} as const satisfies Route;

export const addListingSource = {
  method: "POST",
  path: "/api/listings/sources",
  auth: "person",
  permission: "skills:write",
  summary: "Add the skills of another server, or of a git repository, as a source; they are read at once",
  body: strict({
    name: sourceName,
    url: Type.String({
      minLength: 1,
      maxLength: 2000,
      description:
        "Of a server, or of its /.well-known/agent-skills/index.json; or of a git repository: https://host/owner/repo.git, owner/repo of GitHub, or what a browser shows of a folder there",
    }),
    ref: Type.Optional(
      Type.String({ minLength: 1, maxLength: 250, description: "Branch or tag of a git repository" }),
    ),
    folder: Type.Optional(
      Type.String({ minLength: 1, maxLength: 512, description: "Folder of a git repository that is read" }),
    ),
    token: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4096,
        description: "SECRET: sent as a bearer token; to a git server as the password, or user:password",
      }),
    ),
  }),
  reply: { status: 201, description: "The source, and what was left out", body: sourceRead },
  errors: [
    "validation_failed",
    "forbidden",
    "conflict",
    "payload_too_large",
    "upstream_unreachable",
    "upstream_timeout",
    "plan_limit_reached",
    "unavailable",
  ],
} as const satisfies Route;

export const uploadListingSource = {
  method: "PUT",
  path: "/api/listings/sources/:source/archive",
  auth: "person",
  permission: "skills:write",
  summary: "Make the skills of a zip or tar.gz a source, or replace those of the last upload",
  params: sourceParam,
  archive: true,
  reply: {
    status: 200,
    description: "The source; the errors among `problems` are of the skills that are `skipped`",
    body: sourceRead,
  },
  errors: [
    "validation_failed",
    "forbidden",
    "conflict",
    "payload_too_large",
    "plan_limit_reached",
    "unavailable",
  ],
} as const satisfies Route;

export const refreshListingSource = {
  method: "POST",
  path: "/api/listings/sources/:source/refresh",
  auth: "person",
  permission: "skills:write",
  summary: "Read another server's skills anew, or those of a repository if it has changed",
  params: sourceParam,
  reply: { status: 200, description: "The source, and what was left out", body: sourceRead },
  errors: [
    "plan_limit_reached",
    "unavailable",
    "validation_failed",
    "forbidden",
    "not_found",
    "conflict",
    "payload_too_large",
    "upstream_unreachable",
    "upstream_timeout",
  ],
} as const satisfies Route;

export const removeListingSource = {
  method: "DELETE",
  path: "/api/listings/sources/:source",
  auth: "person",
  permission: "skills:write",
  summary: "Remove a source; skills that were installed from it stay",
  params: sourceParam,
  reply: {
    status: 200,
    description: "Done",
    body: Type.Object({ success: Type.Literal(true) }),
  },
  errors: ["validation_failed", "forbidden", "not_found", "conflict"],
} as const satisfies Route;

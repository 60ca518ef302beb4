import Type from "typebox";
import type { Route } from "#contract/route.js";
import { strict } from "#contract/schemas.js";

const name = Type.String({ minLength: 1, maxLength: 64, description: "Name of the skill" });
const digest = Type.String({
  pattern: "^sha256:[0-9a-f]{64}$",
  description: "sha256: and 64 hexadecimal digits",
});
/** The answer depends on the key, and changes when a skill is published. */
const headers = { "cache-control": "private, no-cache", vary: "authorization" };

export const getSkillIndex = {
  method: "GET",
  path: "/.well-known/agent-skills/index.json",
  auth: "key",
  summary: "List the skills of the key's agent, or all of the tenant, for programs that install skills",
  reply: {
    status: 200,
    description: "Agent Skills Discovery 0.2",
    headers,
    body: Type.Object({
      $schema: Type.String(),
      skills: Type.Array(
        Type.Object({
          name,
          type: Type.Union([Type.Literal("skill-md"), Type.Literal("archive")]),
          description: Type.String(),
          url: Type.String({ description: "SKILL.md when it is all there is, else a tar.gz of the folder" }),
          digest,
          version: Type.String(),
          files: Type.Array(
            Type.Object({
              path: Type.String(),
              url: Type.String(),
              digest,
              size: Type.Integer({ description: "Bytes" }),
              executable: Type.Boolean(),
            }),
          ),
        }),
      ),
    }),
  },
  errors: ["forbidden"],
} as const satisfies Route;

export const getOldSkillIndex = {
  method: "GET",
  path: "/.well-known/skills/index.json",
  auth: "key",
  summary: "The same in the older form",
  reply: {
    status: 200,
    description: "Agent Skills Discovery 0.1",
    headers,
    body: Type.Object({
      skills: Type.Array(
        Type.Object({
          name,
          description: Type.String(),
          version: Type.String(),
          files: Type.Array(Type.String()),
          digests: Type.Record(Type.String(), digest, { description: "By path" }),
        }),
      ),
    }),
  },
  errors: ["forbidden"],
} as const satisfies Route;

const ifNoneMatch = Type.Object({ "if-none-match": Type.Optional(Type.String({ maxLength: 2048 })) });
const digestQuery = strict({
  digest: Type.Optional({ ...digest, description: "Only these bytes: they may be cached for good" }),
});
const bytes = { status: 200, description: "The bytes; ETag is their digest", raw: true } as const;

const file = <Path extends string>(path: Path) =>
  ({
    method: "GET",
    path,
    auth: "key",
    summary: "Fetch a file of a skill",
    params: Type.Object({
      name,
      "*": Type.String({ minLength: 1, maxLength: 512, description: "Path of the file" }),
    }),
    query: digestQuery,
    headers: ifNoneMatch,
    reply: bytes,
    errors: ["bad_request", "forbidden", "not_found"],
  }) as const satisfies Route;

export const getPublishedFile = file("/.well-known/agent-skills/:name/*");
export const getOldPublishedFile = file("/.well-known/skills/:name/*");

export const getPublishedArchive = {
  method: "GET",
  path: "/.well-known/agent-skills/:archive",
  auth: "key",
  summary: "Fetch a skill as a tar.gz, SKILL.md at its root",
  params: Type.Object({
    archive: Type.String({
      pattern: "\\.tar\\.gz$",
      maxLength: 71,
      description: "Name of the skill and .tar.gz",
    }),
  }),
  query: digestQuery,
  headers: ifNoneMatch,
  reply: bytes,
  errors: ["bad_request", "forbidden", "not_found"],
} as const satisfies Route;

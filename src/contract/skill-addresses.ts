import Type from "typebox";
import type { Route } from "#contract/route.js";
import { isoTime, nullable, strict } from "#contract/schemas.js";
import { idOrSlug } from "#contract/skill-schemas.js";
import {
  getOldSkillIndex,
  getPublishedArchive,
  getPublishedFile,
  getSkillIndex,
} from "#contract/well-known.js";

/** Addresses by which programs that send no header read an agent's skills. */

const address = Type.Object({
  id: Type.String({ description: "addr_…" }),
  agent_id: Type.String({ description: "UUID" }),
  name: Type.String(),
  created_by: Type.String({ description: "Profile" }),
  created_at: isoTime,
  expires_at: isoTime,
  revoked_at: nullable(isoTime),
  last_used_at: nullable(isoTime),
});
const agent = { agent: idOrSlug };
const path = "/v1/agents/:agent/addresses";

export const listSkillAddresses = {
  method: "GET",
  path,
  auth: "any",
  permission: "agents:*",
  summary: "List the addresses by which installers read an agent's skills",
  params: Type.Object(agent),
  reply: {
    status: 200,
    description: "Newest first, without their secrets",
    body: Type.Object({ addresses: Type.Array(address) }),
  },
  errors: ["forbidden", "not_found"],
} as const satisfies Route;

export const createSkillAddress = {
  method: "POST",
  path,
  auth: "any",
  permission: "agents:*",
  summary: "Make an address by which an installer reads an agent's skills. Needs agents:*, no agent's key",
  params: Type.Object(agent),
  body: strict({
    name: Type.String({ minLength: 1, maxLength: 100, description: "Who or what it is for" }),
    expires_at: Type.Optional(
      Type.String({
        format: "date-time",
        description: "ISO 8601, at most 366 days from now; in 90 days, when left out",
      }),
    ),
  }),
  reply: {
    status: 201,
    description: "The address; `url` is shown this once",
    headers: { "cache-control": "no-store" },
    body: Type.Object({ address, url: Type.String({ description: "SECRET" }) }),
  },
  errors: ["bad_request", "forbidden", "not_found", "conflict"],
} as const satisfies Route;

export const revokeSkillAddress = {
  method: "DELETE",
  path: `${path}/:id`,
  auth: "any",
  permission: "agents:*",
  summary: "Revoke such an address: it stops at once",
  params: Type.Object({ ...agent, id: Type.String({ minLength: 1, maxLength: 64, description: "addr_…" }) }),
  reply: { status: 200, description: "The address", body: Type.Object({ address }) },
  errors: ["forbidden", "not_found"],
} as const satisfies Route;

/** The secret is in the path: caches must not keep the answer, and pages must not send the address as `Referer`. */
const headers = {
  "cache-control": "private, no-store",
  "referrer-policy": "no-referrer",
  "x-robots-tag": "noindex",
} as const;
const secret = { secret: Type.String({ minLength: 1, maxLength: 64, description: "SECRET, of an address" }) };
const errors = ["bad_request", "forbidden", "not_found", "rate_limit_reached"] as const;

/** A route of the well-known form that the address alone opens. */
const below = <Path extends string, Reply extends Route["reply"]>(
  path: Path,
  summary: string,
  reply: Reply,
) => ({ method: "GET", auth: "none", path: `/s/:secret${path}` as const, summary, reply, errors }) as const;

export const getSkillIndexByAddress = {
  ...below(getSkillIndex.path, "List the skills of an address, for programs that install skills", {
    ...getSkillIndex.reply,
    headers,
  }),
  params: Type.Object(secret),
} as const satisfies Route;

export const getOldSkillIndexByAddress = {
  ...below(getOldSkillIndex.path, "The same in the older form", { ...getOldSkillIndex.reply, headers }),
  params: Type.Object(secret),
} as const satisfies Route;

const file = <Path extends string>(path: Path) =>
  ({
    ...below(path, "Fetch a file of a skill of an address", { ...getPublishedFile.reply, headers }),
    params: Type.Object({ ...secret, ...getPublishedFile.params.properties }),
    query: getPublishedFile.query,
  }) as const satisfies Route;

export const getPublishedFileByAddress = file("/.well-known/agent-skills/:name/*");
export const getOldPublishedFileByAddress = file("/.well-known/skills/:name/*");

export const getPublishedArchiveByAddress = {
  ...below(getPublishedArchive.path, "Fetch a skill of an address as a tar.gz, SKILL.md at its root", {
    ...getPublishedArchive.reply,
    headers,
  }),
  params: Type.Object({ ...secret, ...getPublishedArchive.params.properties }),
  query: getPublishedArchive.query,
} as const satisfies Route;

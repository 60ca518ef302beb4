import type * as agentSkills from "#contract/agent-skills.js";
import type * as agents from "#contract/agents.js";
import type * as assignments from "#contract/assignments.js";
import type * as listings from "#contract/listings.js";
import type * as skillAddresses from "#contract/skill-addresses.js";
import type * as skillArchives from "#contract/skill-archives.js";
import type * as skillVersions from "#contract/skill-versions.js";
import type * as skills from "#contract/skills.js";
import type * as tasks from "#contract/tasks.js";
import type * as wellKnown from "#contract/well-known.js";
import { notForOthers, notThere, type Row } from "./access-row.js";

type Registry = typeof agentSkills &
  typeof agents &
  typeof assignments &
  typeof listings &
  typeof skillAddresses &
  typeof skillArchives &
  typeof skillVersions &
  typeof skills &
  typeof tasks &
  typeof wellKnown;

const read = { status: 200, needs: "skills:read" } as const;
const write = { status: 200, needs: "skills:write" } as const;
const manage = { status: 200, needs: "agents:*" } as const;
const skill = "/api/skills/{skill}";
const agent = "/api/agents/{agent}";
const addresses = "/v1/agents/{agent}/addresses";
/** To everybody who has the secret. */
const bySecret = { status: 200, prepare: "address" } as const;
const wellKnownBySecret = "/s/{installerSecret}/.well-known";
/** The skill has the name of its source. */
const listing = "/api/listings/{source}/{source}";

/** What the routes of the skill registry answer to whom. */
export const registryAccessTable: Record<keyof Registry, Row> = {
  listTasks: read,
  getTask: { ...read, path: "/api/tasks/{task}", prepare: "task", but: notThere },
  approveTask: decision("approve"),
  rejectTask: decision("reject"),
  requestTask: {
    body: { type: "connector_request", subject: "slack", reason: "To tell the team." },
    status: 201,
  },
  listRequestedTasks: { path: "/v1/tasks", status: 200 },
  withdrawTask: {
    path: "/v1/tasks/{task}",
    status: 200,
    prepare: "task",
    but: notForOthers(404),
    agent: 404,
  },
  getRequestedTask: {
    path: "/v1/tasks/{task}",
    status: 200,
    prepare: "task",
    but: notForOthers(404),
    agent: 404,
  },
  getSkillIndex: read,
  getOldSkillIndex: read,
  getPublishedFile: { ...read, path: "/.well-known/agent-skills/{slug}/SKILL.md", but: notThere },
  getOldPublishedFile: { ...read, path: "/.well-known/skills/{slug}/SKILL.md", but: notThere },
  getPublishedArchive: { ...read, path: "/.well-known/agent-skills/{slug}.tar.gz", but: notThere },
  listSkillAddresses: { ...manage, path: addresses, but: notThere },
  createSkillAddress: {
    ...manage,
    path: addresses,
    body: { name: "{name}" },
    status: 201,
    prepare: "name",
    but: notThere,
  },
  revokeSkillAddress: { ...manage, path: `${addresses}/{address}`, prepare: "address", but: notThere },
  getSkillIndexByAddress: { ...bySecret, path: `${wellKnownBySecret}/agent-skills/index.json` },
  getOldSkillIndexByAddress: { ...bySecret, path: `${wellKnownBySecret}/skills/index.json` },
  getPublishedFileByAddress: { ...bySecret, path: `${wellKnownBySecret}/agent-skills/{slug}/SKILL.md` },
  getOldPublishedFileByAddress: { ...bySecret, path: `${wellKnownBySecret}/skills/{slug}/SKILL.md` },
  getPublishedArchiveByAddress: { ...bySecret, path: `${wellKnownBySecret}/agent-skills/{slug}.tar.gz` },
  listListings: read,
  getListing: { ...read, path: listing, prepare: "listing", but: notThere },
  installListing: {
    ...write,
    path: `${listing}/install`,
    status: 201,
    prepare: "listing",
    but: notThere,
  },
  diffListing: { ...read, path: `${listing}/update`, prepare: "installed", but: notThere },
  updateFromListing: { ...write, path: `${listing}/update`, prepare: "installed", but: notThere },
  listListingSources: read,
  addListingSource: {
    ...write,
    body: { name: "{name}", url: "{server}", token: "{strangersKey}" },
    status: 201,
    prepare: "name",
  },
  uploadListingSource: {
    ...write,
    path: "/api/listings/sources/{name}/archive",
    archive: true,
    prepare: "name",
  },
  refreshListingSource: { ...write, path: "/api/listings/sources/{remote}/refresh", but: notThere },
  removeListingSource: {
    ...write,
    path: "/api/listings/sources/{source}",
    prepare: "listing",
    but: notThere,
  },
  listSkills: read,
  listSkillCategories: read,
  getSkill: { ...read, path: skill, but: notThere },
  createSkill: {
    ...write,
    body: { name: "{name}", description: "Plans.", instructions: "Plan." },
    status: 201,
    prepare: "name",
  },
  updateSkill: { ...write, path: skill, body: { description: "Plans better." }, but: notThere },
  archiveSkill: { ...write, path: "/api/skills/{retired}/archive", but: notThere },
  restoreSkill: { ...write, path: "/api/skills/{retired}/restore", but: notThere },
  duplicateSkill: { ...write, path: `${skill}/duplicate`, body: {}, status: 201, but: notThere },
  publishSkill: {
    ...write,
    path: "/api/skills/{draft}/publish",
    body: {},
    status: 201,
    prepare: "draft",
    but: notThere,
  },
  listVersions: { ...read, path: `${skill}/versions`, but: notThere },
  getVersion: { ...read, path: `${skill}/versions/1.0.0`, but: notThere },
  diffVersions: { ...read, path: `${skill}/diff?from=1.0.0&to=1.0.0`, but: notThere },
  rollBackSkill: { ...write, path: `${skill}/rollback`, body: { version: "1.0.0" }, but: notThere },
  getSkillFile: { ...read, path: `${skill}/versions/1.0.0/files/SKILL.md`, but: notThere },
  importSkills: { ...write, archive: true, status: 201, prepare: "name" },
  importWithKey: { ...write, archive: true, status: 201, prepare: "name" },
  exportSkill: { ...read, path: `${skill}/export`, but: notThere },
  validateSkill: { ...read, archive: true, prepare: "name" },
  validateWithKey: { ...read, archive: true, prepare: "name" },
  listSkillAgents: { ...read, path: `${skill}/agents`, but: notThere },
  assignSkill: {
    ...write,
    path: `${skill}/assign`,
    body: { agentId: "{newAgent}" },
    status: 201,
    prepare: "newAgent",
    but: notThere,
  },
  unassignSkill: {
    ...write,
    path: `${skill}/unassign/{newAgent}`,
    prepare: "assignment",
    but: notThere,
  },
  updateAssignment: {
    ...write,
    path: `${skill}/assignments/{newAgent}`,
    body: { priority: 1 },
    prepare: "assignment",
    but: notThere,
  },
  listAssignments: { ...read, path: `${agent}/skills`, but: notThere },
  listAgentSkills: { ...read, path: "/api/skills/agent/{agent}", but: notThere },
  getOwnSkills: { status: 200 },
  querySkill: { path: "/v1/agent/skills/{slug}/query", body: {}, status: 200, but: notThere },
  discoverSkills: { status: 200 },
  discoverConnectors: { status: 200 },
  listSkillManifests: { status: 200 },
  getSkillManifest: { path: "/v1/agent/manifests/{slug}", status: 200, but: notThere },
  listAgents: read,
  createAgent: { ...manage, body: { name: "{name}" }, status: 201, prepare: "name" },
  listAgentsWithKey: { status: 200, needs: "skills:read" },
  createAgentWithKey: { body: { name: "{name}" }, status: 201, needs: "agents:*", prepare: "name" },
  getAgent: { ...read, path: agent, but: notThere },
  updateAgent: { ...manage, path: agent, body: { description: "Watches." }, but: notThere },
  pauseAgent: { ...manage, path: `${agent}/pause`, but: notThere },
  resumeAgent: { ...manage, path: `${agent}/resume`, but: notThere },
  deleteAgent: { ...manage, path: "/api/agents/{newAgent}", prepare: "newAgent", but: notThere },
  listAgentKeys: { ...manage, path: `${agent}/keys`, but: notThere },
};

function decision(path: "approve" | "reject"): Row {
  return {
    path: `/api/tasks/{task}/${path}`,
    body: {},
    status: 200,
    needs: "tasks:decide",
    prepare: "task",
    but: notThere,
  };
}

import type * as routes from "#contract/agents.js";
import type { Contract } from "#contract/contract.js";
import type { Api, Output } from "#contract/route.js";
import { isoTime } from "#core/clock.js";
import type { AgentRegistry } from "#skills/registry/agents.js";
import type { AgentRow } from "#store/schema/skill-tables.js";
import type { ApiKeyRow } from "#store/schema/tables.js";

export interface AgentsDeps {
  agentRegistry: AgentRegistry;
}

/** Agents are visible to everybody with skills:read, since skills are shown with the agents that have them. */
export function createAgentsApi({ agentRegistry: agents }: AgentsDeps): Api<typeof routes> {
  return {
    async listAgents({ caller }) {
      const rows = await agents.list(caller.tenantId);
      return { agents: rows.map(toAgent), total: rows.length };
    },
    async createAgent({ caller, body: { name, description = null } }) {
      return { agent: toAgent(await agents.create(caller, { name, description })) };
    },
    async listAgentsWithKey({ caller }) {
      return { agents: (await agents.list(caller.tenantId)).map(toOwnAgent) };
    },
    async createAgentWithKey({ caller, body: { name, description = null } }) {
      return { agent: toOwnAgent(await agents.create(caller, { name, description })) };
    },
    async getAgent({ caller, params }) {
      return { agent: toAgent(await agents.find(caller.tenantId, params.id)) };
    },
    async updateAgent({ caller, params, body }) {
      return { agent: toAgent(await agents.edit(caller, params.id, body)) };
    },
    async pauseAgent({ caller, params }) {
      return { agent: toAgent(await agents.setStatus(caller, params.id, "paused")) };
    },
    async resumeAgent({ caller, params }) {
      return { agent: toAgent(await agents.setStatus(caller, params.id, "active")) };
    },
    async deleteAgent({ caller, params }) {
      await agents.delete(caller, params.id);
      return { success: true };
    },
    async listAgentKeys({ caller, params }) {
      return { keys: (await agents.keys(caller.tenantId, params.id)).map(toKey) };
    },
  };
}

function toAgent(row: AgentRow): Output<Contract["getAgent"]>["agent"] {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    description: row.description,
    status: row.status as "active" | "paused",
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
  };
}

function toOwnAgent({ id, slug, name, description, status, created_at }: AgentRow) {
  return { id, slug, name, description, status, created_at: isoTime(created_at) };
}

function toKey(row: ApiKeyRow) {
  return {
    id: row.id,
    name: row.name,
    keyPrefix: row.key_prefix,
    scopes: JSON.parse(row.scopes) as string[],
    profileId: row.profile_id,
    lastUsedAt: isoTime(row.last_used_at),
    expiresAt: isoTime(row.expires_at),
    revokedAt: isoTime(row.revoked_at),
    createdAt: isoTime(row.created_at),
  };
}

import type { Person } from "#core/caller.js";
import type { Clock } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import { newUuid } from "#core/ids.js";
import { slugOf } from "#skills/format/slug.js";
import { agentNotFound } from "#skills/registry/refusals.js";
import type { MakeChange } from "#skills/registry/transaction.js";
import type { AgentRows } from "#store/agent-rows.js";
import type { AgentRow } from "#store/schema/skill-tables.js";
import type { ApiKeyRow } from "#store/schema/tables.js";

export interface AgentEdit {
  name?: string | undefined;
  description?: string | null | undefined;
}

/** Agents of a tenant: ids are UUIDs or slugs. One that does not exist is refused with `not_found`. */
export interface AgentRegistry {
  find(tenantId: string, id: string): Promise<AgentRow>;
  list(tenantId: string): Promise<AgentRow[]>;
  /** @throws conflict when the name is taken */
  create(person: Person, agent: { name: string; description: string | null }): Promise<AgentRow>;
  /** @throws conflict when the name is taken */
  edit(person: Person, id: string, edit: AgentEdit): Promise<AgentRow>;
  setStatus(person: Person, id: string, status: "active" | "paused"): Promise<AgentRow>;
  /** Its keys stop at once, for good. */
  delete(person: Person, id: string): Promise<void>;
  /** Oldest first. */
  keys(tenantId: string, id: string): Promise<ApiKeyRow[]>;
}

interface Deps {
  agents: AgentRows;
  makeChange: MakeChange;
  clock: Clock;
}

export function createAgentRegistry({ agents, makeChange, clock }: Deps): AgentRegistry {
  const find = (tenantId: string, id: string) => findAgent(agents, tenantId, id);

  /** In turn with other changes of the tenant: of several who want a name at once, one gets it. */
  function update(tenantId: string, id: string, changes: Partial<AgentRow>): Promise<AgentRow> {
    return makeChange(tenantId, async (change) => {
      const agent = await findAgent(change.agents, tenantId, id);
      if (changes.status === agent.status) return agent;
      const updated = await change.agents.update(agent, { ...changes, updated_at: clock() });
      if (updated) return updated;
      throw agentExists(changes.name ?? agent.name);
    });
  }

  return {
    find,
    list: (tenantId) => agents.list(tenantId),
    create: async ({ tenantId, profileId }, { name, description }) => {
      const now = clock();
      const row: AgentRow = {
        tenant_id: tenantId,
        id: newUuid(),
        slug: slugOf(name),
        name,
        description,
        status: "active",
        created_by: profileId,
        created_at: now,
        updated_at: now,
      };
      if (await agents.insert(row)) return row;
      throw agentExists(name);
    },
    edit: ({ tenantId }, id, { name, description }) =>
      update(tenantId, id, {
        ...(name === undefined ? {} : { name, slug: slugOf(name) }),
        ...(description === undefined ? {} : { description }),
      }),
    setStatus: ({ tenantId }, id, status) => update(tenantId, id, { status }),
    delete: ({ tenantId }, id) =>
      makeChange(tenantId, async (change) => {
        await change.agents.delete(await findAgent(change.agents, tenantId, id), clock());
      }),
    keys: async (tenantId, id) => agents.keys(await find(tenantId, id)),
  };
}

export async function findAgent(agents: AgentRows, tenantId: string, id: string): Promise<AgentRow> {
  const found = await agents.find(tenantId, id);
  if (found) return found;
  throw agentNotFound();
}

function agentExists(name: string): SkillettError {
  return new SkillettError("conflict", {
    message: `There is an agent named ${name} already: take another name.`,
  });
}

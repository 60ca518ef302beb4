import type { Engine } from "#store/engine/database.js";
import { type FaultUpstream, startFaultUpstream } from "#support/fault-upstream.js";
import { type NewSkill, publishSkills } from "#support/published-skills.js";
import { type Skillett, type SkillettOptions, startSkillett } from "#support/skillett.js";
import { insertAgent, insertKey, type Person, signUp } from "#support/world.js";
import { connectMcp, type Era, type McpClient } from "./mcp-clients.js";

/** A server with a service to call, and people with skills and agents. */
export interface McpStage {
  skillett: Skillett;
  upstream: FaultUpstream;
  /** A person in a tenant of their own, whose agent has the skills and a connection to the service. */
  join(name: string, skills: NewSkill[]): Promise<Member>;
  /** Closed with the stage. */
  connect(key: string, era?: Era): Promise<McpClient>;
  close(): Promise<void>;
}

export interface Member extends Person {
  /** Of the agent. */
  key: string;
  agentId: string;
  /** Without an agent. */
  plainKey: string;
  /** Of the skills, in their order. */
  skillIds: string[];
}

/** The credential of a member's connection. */
export const tokenOf = (name: string) => `token-of-${name}-0123456789`;

export async function startMcpStage(engine: Engine, options: SkillettOptions = {}): Promise<McpStage> {
  const upstream = await startFaultUpstream();
  const env = { SKILLETT_SIGN_UP: "open", SKILLETT_ODD_BASE_URL: upstream.url, ...options.env };
  const skillett = await startSkillett(engine, { ...options, env });
  const clients: McpClient[] = [];

  async function assign(person: Person, skillId: string, agentId: string): Promise<void> {
    const { status, text } = await person.call("POST", `/api/skills/${skillId}/assign`, { agentId });
    if (status !== 201) throw new Error(`a skill was not assigned: ${text}`);
  }

  return {
    skillett,
    upstream,
    async join(name, skills) {
      const { database } = skillett.app;
      const person = await signUp(skillett, name);
      const skillIds = await publishSkills(database, person.tenantId, skills);
      const { key, agentId } = await insertAgent(database, person, `${name}'s agent`);
      const { key: plainKey } = await insertKey(database, person);
      for (const id of skillIds) await assign(person, id, agentId);
      const body = { integration: "odd", credentials: { token: tokenOf(name) } };
      await skillett.call("POST", "/v1/connect", { key: plainKey, body });
      await skillett.setPlan("unlimited");
      return { ...person, key, agentId, plainKey, skillIds };
    },
    async connect(key, era = "client 2.x, 2026") {
      const client = await connectMcp(skillett.url, key, era);
      clients.push(client);
      return client;
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await skillett.close();
      await upstream.close();
    },
  };
}

export const triage: NewSkill = {
  slug: "triage",
  description: "Sorts tickets.",
  metadata: ["category: support", "skillett-endpoints: odd.get_path, odd.post_path"],
  body: "# Triage\n\nAsk who is affected.",
  files: [
    { path: "references/ESCALATION-MATRIX.md", bytes: "# Escalation\n\nWho is called when.\n" },
    { path: "references/deep/RUNBOOK.md", bytes: "# Runbook\n" },
    { path: "references/logo.png", bytes: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1]) },
    { path: "scripts/page.sh", bytes: "#!/bin/sh\necho page\n", executable: true },
  ],
};

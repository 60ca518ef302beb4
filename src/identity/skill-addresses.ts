import { randomBytes } from "node:crypto";
import type { Caller, Principal } from "#core/caller.js";
import { type Clock, dayMs } from "#core/clock.js";
import { badRequest, SkillettError } from "#core/errors.js";
import { newId } from "#core/ids.js";
import { hashToken } from "#identity/api-key.js";
import { touchEveryMs } from "#identity/authenticate.js";
import { toPerson } from "#identity/person.js";
import { networkOf, type Throttle } from "#identity/throttle.js";
import type { AgentRows } from "#store/agent-rows.js";
import type { AgentRow, SkillAddressRow } from "#store/schema/skill-tables.js";
import type { SkillAddressRows } from "#store/skill-address-rows.js";

/**
 * Addresses with a secret in their path, for programs that install skills and can send no header. They give read
 * access to the skills of one agent, and to nothing else.
 *
 * @see docs/decisions/0022-sources.md
 */
export interface InstallerAddresses {
  /** `path` is SECRET, and returned only this once. @throws conflict when the agent has too many */
  create(
    principal: Principal,
    agent: string,
    address: NewAddress,
  ): Promise<{ row: SkillAddressRow; path: string }>;
  /** Newest first, those that ended too. */
  list(principal: Principal, agent: string): Promise<SkillAddressRow[]>;
  /** It stops at once. */
  revoke(principal: Principal, agent: string, id: string): Promise<SkillAddressRow>;
  /**
   * The caller that an address stands for: its agent, with no scope to call anything.
   *
   * @param address where the request comes from
   * @throws not_found, the same for an address that never was and one that ended; forbidden while the agent is paused
   */
  open(secret: string, address: string): Promise<Caller>;
}

export interface NewAddress {
  name: string;
  /** Ms since the epoch; 90 days from now when left out. */
  expiresAt: number | undefined;
}

interface Deps {
  addresses: SkillAddressRows;
  agents: AgentRows;
  throttle: Throttle;
  clock: Clock;
}

const secretBytes = 20;
const format = /^sa_[0-9a-f]{40}$/;
const defaultDays = 90;
const maxDays = 366;
/** That work, of one agent. */
const maxAddresses = 100;
/** Wrong secrets from one network. Right ones cost nothing. */
const guesses = { max: 30, windowSeconds: 60 };

export function createInstallerAddresses({ addresses, agents, throttle, clock }: Deps): InstallerAddresses {
  async function find({ tenantId }: Principal, agent: string): Promise<AgentRow> {
    const found = await agents.find(tenantId, agent);
    if (!found) throw new SkillettError("not_found", { message: "Agent not found" });
    return found;
  }

  return {
    async create(principal, agentName, { name, expiresAt }) {
      const agent = await find(principal, agentName);
      const now = clock();
      const secret = `sa_${randomBytes(secretBytes).toString("hex")}`;
      const row: SkillAddressRow = {
        tenant_id: principal.tenantId,
        id: newId("addr"),
        agent_id: agent.id,
        name,
        secret_hash: hashToken(secret),
        created_by: principal.profileId,
        created_at: now,
        expires_at: endOf(expiresAt, now),
        revoked_at: null,
        last_used_at: null,
      };
      if (await addresses.insert(row, maxAddresses)) return { row, path: `/s/${secret}` };
      throw new SkillettError("conflict", {
        message: `The agent ${agent.name} has ${maxAddresses} addresses that work: revoke one first.`,
      });
    },
    async list(principal, agent) {
      return addresses.list(await find(principal, agent));
    },
    async revoke(principal, agent, id) {
      const revoked = await addresses.revoke(await find(principal, agent), id, clock());
      if (revoked) return revoked;
      throw new SkillettError("not_found", { message: "Address not found" });
    },
    async open(secret, address) {
      const row = format.test(secret) ? await addresses.findByHash(hashToken(secret)) : undefined;
      if (!row) await throttle.refuse(`skill-address/${networkOf(address)}`, guesses);
      const now = clock();
      if (!row || row.revoked_at !== null || row.expires_at <= now) throw ended();
      if (row.agent_status === "paused")
        throw new SkillettError("forbidden", {
          message: `The agent ${row.agent_name} is paused, and its addresses with it. Somebody with agents:* can resume it.`,
        });
      if (now - (row.last_used_at ?? 0) >= touchEveryMs) await addresses.touch(row, now);
      const minute = { minuteBucket: `key:${row.id}` };
      const facts = {
        ...minute,
        keyId: row.id,
        agentId: row.agent_id,
        scopes: [],
        keyExpiresAt: row.expires_at,
      };
      return { ...toPerson(row), isOperator: false, ...facts };
    },
  };
}

function endOf(requested: number | undefined, now: number): number {
  const end = requested ?? now + defaultDays * dayMs;
  if (end > now && end <= now + maxDays * dayMs) return end;
  throw badRequest([
    { at: "expires_at", message: `must be a time to come, at most ${maxDays} days from now` },
  ]);
}

const ended = () =>
  new SkillettError("not_found", {
    message: "This address was revoked, has ended, or never was. Ask whoever gave it to you for another.",
  });

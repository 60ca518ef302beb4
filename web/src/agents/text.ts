import type { AgentKey, AgentSkill } from "#web/api/agents.js";
import type { Skill } from "#web/api/skills.js";
import { momentInWords } from "#web/format/moment.js";

/** Which version of a skill an agent gets. */
export function versionInWords(
  { pinnedVersion }: Pick<AgentSkill, "pinnedVersion">,
  skill: Pick<Skill, "currentVersion"> | undefined,
): string {
  if (!skill) return "archived: no agent gets it";
  const { currentVersion } = skill;
  if (pinnedVersion === null) return `version ${currentVersion}, the current one`;
  return pinnedVersion === currentVersion
    ? `stays at version ${pinnedVersion}, which is the current one`
    : `stays at version ${pinnedVersion}; the current one is ${currentVersion}`;
}

/** "sk_1a2b3c4d… · last used 22 Nov 2026, 19:05 · never ends" */
export function keyInWords({ keyPrefix, lastUsedAt, expiresAt }: AgentKey): string {
  const used = lastUsedAt === null ? "never used" : `last used ${momentInWords(lastUsedAt)}`;
  return `${keyPrefix}… · ${used}${expiresAt === null ? "" : ` · ends ${momentInWords(expiresAt)}`}`;
}

const weekMs = 7 * 24 * 3_600_000;

/**
 * A warning about a key of an agent, for the people who manage it; undefined when there is none. `now`: ms since the
 * epoch.
 */
export function keyWarning(
  { scopes, expiresAt }: Pick<AgentKey, "scopes" | "expiresAt">,
  now: number,
): string | undefined {
  if (expiresAt !== null && Date.parse(expiresAt) <= now) return "It has ended: make a new one.";
  if (expiresAt !== null && Date.parse(expiresAt) - now <= weekMs)
    return "It ends within a week: make a new one in time.";
  if (!scopes.includes("*")) return undefined;
  return "It may do everything, with every account that is connected now or later. Make one with the scopes that the agent needs, and revoke this one.";
}

/** Scopes as people type them, with spaces or commas between; undefined where there are none. */
export function scopesTyped(text: string): string[] | undefined {
  const scopes = text.split(/[\s,]+/).filter((scope) => scope !== "");
  return scopes.length === 0 ? undefined : scopes;
}

/**
 * The configuration with which a client of MCP uses this server. It names the key's variable, so that it can be
 * shared.
 */
export function mcpConfig(origin: string): string {
  const headers = { Authorization: `Bearer \${SKILLETT_API_KEY}` };
  return JSON.stringify(
    { mcpServers: { skillett: { type: "http", url: `${origin}/mcp`, headers } } },
    null,
    2,
  );
}

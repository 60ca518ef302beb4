import type { AgentKey, AgentSkill, Skill } from "#web/api/registry.js";
import { momentInWords } from "#web/moment.js";

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

/** Scopes as people type them, with spaces or commas between; undefined where there are none. */
export function scopesTyped(text: string): string[] | undefined {
  const scopes = text.split(/[\s,]+/).filter((scope) => scope !== "");
  return scopes.length === 0 ? undefined : scopes;
}

/** What makes a client of MCP speak to this server. The key itself stays out of files that are shared. */
export function mcpConfig(origin: string): string {
  const headers = { Authorization: `Bearer \${SKILLETT_API_KEY}` };
  return JSON.stringify(
    { mcpServers: { skillett: { type: "http", url: `${origin}/mcp`, headers } } },
    null,
    2,
  );
}

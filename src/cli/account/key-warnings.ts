import type { Client } from "#client/client.js";

type Key = Pick<
  Awaited<ReturnType<Client["listApiKeys"]>>[number],
  "id" | "name" | "scopes" | "expires_at" | "revoked_at" | "agent_id"
>;

const weekMs = 7 * 24 * 3_600_000;

export interface KeyWarning {
  message: string;
  /** Command to run next. */
  next: string;
}

/** Warnings about keys that work: those that end within a week, and those of agents that may do everything. */
export function keyWarnings(keys: Key[], now: number): KeyWarning[] {
  return keys.flatMap(({ id, name, scopes, expires_at, revoked_at, agent_id }) => {
    const leftMs = expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(expires_at) - now;
    if (revoked_at !== null || leftMs <= 0) return [];
    const warnings: KeyWarning[] = [];
    const makeNew =
      agent_id === undefined
        ? "skillett keys create <name>"
        : `skillett keys create <name> --agent ${agent_id}`;
    if (leftMs <= weekMs) {
      warnings.push({
        message: `The key "${name}" (${id}) ends ${expires_at}: make a new one before that.`,
        next: makeNew,
      });
    }
    if (agent_id !== undefined && scopes.includes("*")) {
      warnings.push({
        message: `The key "${name}" (${id}) of an agent may do everything with all your accounts, those you connect later too. Make one with what the agent needs, then revoke this one: skillett keys revoke ${id}`,
        next: `${makeNew} --scopes *:read,github.create_issue`,
      });
    }
    return warnings;
  });
}

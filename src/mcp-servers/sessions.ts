import { createHash } from "node:crypto";
import type { PriorDiscovery } from "@modelcontextprotocol/client";
import type { Clock } from "#core/clock.js";
import type { Server } from "#mcp-servers/wire.js";

/** An agreement between a server and its client: with it, the next call needs no introduction. */
export type Session =
  | { prior: PriorDiscovery & { kind: "modern" } }
  /** Its id is empty where the server gives none. @see MCP 2025-11-25, Session Management */
  | { id: string; protocolVersion: string | undefined };

/** Sessions by server and credential, so that nobody gets into a session that another has opened. */
export interface Sessions {
  find(server: Server): Session | undefined;
  keep(server: Server, session: Session): void;
  forget(server: Server): void;
}

const keptForMs = 5 * 60_000;
const maxSessions = 1_000;

export function createSessions(clock: Clock): Sessions {
  const sessions = new Map<string, { session: Session; until: number }>();

  return {
    find(server) {
      const found = sessions.get(keyOf(server));
      return found && found.until > clock() ? found.session : undefined;
    },
    keep(server, session) {
      const key = keyOf(server);
      sessions.delete(key);
      sessions.set(key, { session, until: clock() + keptForMs });
      const [oldest] = sessions.keys();
      if (sessions.size > maxSessions && oldest !== undefined) sessions.delete(oldest);
    },
    forget: (server) => void sessions.delete(keyOf(server)),
  };
}

/** A digest, so that no credential stays in memory for the sake of a session. */
function keyOf({ use, url, headers }: Server): string {
  return createHash("sha256")
    .update(JSON.stringify([use, url, Object.entries(headers).sort()]))
    .digest("base64");
}

import type { Endpoint } from "#catalog/integration.js";
import type { Caller } from "#core/caller.js";
import type { Clock } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import type { Face } from "#core/face.js";
import { newId } from "#core/ids.js";
import type { ObserveCall } from "#gateway/metrics.js";
import { callCounters, limitReached, rateLimitHeaders } from "#identity/limits.js";
import type { CallRows } from "#store/call-rows.js";
import type { CallRow } from "#store/schema/tables.js";

/** How a call can end once it was admitted. */
export interface Ending {
  status: "completed" | "refused_upstream" | "failed" | "cancelled";
  upstreamStatus: number | null;
  error: string | null;
}

/** One call and its row in the audit log. */
export interface Call {
  readonly id: string;
  /** The connection it is sent with, and whose account that is. */
  useConnection(connection: { id: string; account: string }): void;
  /** @param target the thing that it acts on; null when unknown */
  aimAt(target: string | null): void;
  /** Writes that it was refused, and why, and gives the refusal back to be thrown. */
  refuse(error: unknown): Promise<unknown>;
  /** Counts it and writes its row, or throws at a limit. Returns the rate limit headers. */
  admit(): Promise<Record<string, string>>;
  end(ending: Ending): void;
}

/** The caller of a call, and the way by which it came in. */
interface CallOf {
  caller: Caller;
  face: Face;
  step?: StepOf | undefined;
}

/** The composite endpoint that a call is a step of. */
export interface StepOf {
  composite: string;
  /** The id that the call gets; a new one when left out. */
  callId?: string;
}

export interface CallsDeps {
  calls: CallRows;
  clock: Clock;
  nodeId: number;
  observe: ObserveCall;
}

export function newCall(
  { calls, clock, nodeId, observe }: CallsDeps,
  { caller, face, step }: CallOf,
  endpoint: Endpoint,
): Call {
  const startedAt = clock();
  const row: CallRow = {
    tenant_id: caller.tenantId,
    id: step?.callId ?? newId("call"),
    profile_id: caller.profileId,
    key_id: caller.keyId,
    agent_id: caller.agentId,
    face,
    connection_id: null,
    account: null,
    integration: endpoint.integration,
    endpoint: endpoint.name,
    via: step?.composite ?? null,
    effect: endpoint.effect,
    target: null,
    policy: null,
    status: "started",
    upstream_status: null,
    error: null,
    started_at: startedAt,
    duration_ms: null,
    node_id: nodeId,
  };

  return {
    id: row.id,
    useConnection({ id, account }) {
      row.connection_id = id;
      row.account = account;
    },
    aimAt(target) {
      row.target = target;
    },
    async refuse(error) {
      if (error instanceof SkillettError) {
        const durationMs = clock() - startedAt;
        await calls.record({ ...row, status: "refused", error: error.code, duration_ms: durationMs });
        observe({ ...row, status: "refused", error: error.code, durationMs });
      }
      return error;
    },
    async admit() {
      const counters = callCounters(caller, startedAt);
      const { full, used } = await calls.admit(row, counters);
      if (full) {
        const refusal = limitReached(caller, full, startedAt);
        observe({ ...row, status: "refused", error: refusal.code, durationMs: clock() - startedAt });
        throw refusal;
      }
      return rateLimitHeaders(caller, counters, used, startedAt);
    },
    end({ status, upstreamStatus, error }) {
      const durationMs = clock() - startedAt;
      const { tenant_id: tenantId, id, integration, endpoint } = row;
      calls.finish({ tenantId, id, status, upstreamStatus, error, durationMs });
      observe({ integration, endpoint, status, error, durationMs });
    },
  };
}

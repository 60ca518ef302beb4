import type { Contract } from "#contract/contract.js";
import type { Api, Output } from "#contract/route.js";
import type * as routes from "#contract/usage.js";
import { type Clock, dayMs, isoTime, windowStart } from "#core/clock.js";
import { dayCounter } from "#identity/limits.js";
import type { CallRows } from "#store/call-rows.js";
import type { Database } from "#store/engine/database.js";
import type { CallRow } from "#store/schema/tables.js";
import { readStorage } from "#store/storage.js";

type Call = Output<Contract["listCalls"]>["calls"][number];

const defaultPage = 50;

export interface UsageDeps {
  calls: CallRows;
  database: Database;
  clock: Clock;
}

export function createUsageApi({ calls, database, clock }: UsageDeps): Api<typeof routes> {
  return {
    async getUsage({ caller }) {
      const now = clock();
      const [today = 0] = await calls.used([dayCounter(caller, now)]);
      const storage = await readStorage(database, caller.tenantId);
      const { name, callsPerMinute, callsPerDay, connections, apiKeys } = caller.plan;
      return {
        plan: name,
        limits: {
          calls_per_minute: callsPerMinute,
          calls_per_day: callsPerDay,
          connections,
          api_keys: apiKeys,
          storage_bytes: storage.limit,
        },
        storage: { bytes: storage.bytes },
        today: { calls: today, resets_at: isoTime(windowStart(now, dayMs) + dayMs) },
      };
    },
    async listCalls({ caller, query }) {
      const limit = query.limit ?? defaultPage;
      const { tenantId, profileId } = caller;
      const { integration, endpoint, status, cursor } = query;
      const rows = await calls.list({
        tenantId,
        profileId,
        integration,
        endpoint,
        status,
        before: cursor === undefined ? undefined : Number(cursor),
        // One more than asked for tells whether there is another page.
        limit: limit + 1,
      });
      const page = rows.slice(0, limit);
      return { calls: page.map(toCall), next_cursor: rows.length > limit ? String(page.at(-1)!.seq) : null };
    },
  };
}

function toCall(row: CallRow): Call {
  const { id, integration, endpoint, via, effect, target, connection_id, account, face, policy } = row;
  const { key_id, agent_id, status, upstream_status, started_at, duration_ms, error } = row;
  return {
    id,
    integration,
    endpoint,
    via,
    effect,
    target,
    connection_id,
    account,
    face,
    policy,
    key_id,
    agent_id,
    status: status as Call["status"],
    upstream_status,
    started_at: isoTime(started_at),
    duration_ms,
    error,
  };
}

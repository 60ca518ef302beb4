/** What each plan allows; `null` is no limit. The owner of a self-hosted Skillett is on `unlimited`. */
export interface PlanLimits {
  /** Calls per calendar minute, per API key. */
  callsPerMinute: number | null;
  /** Calls per UTC day, per profile. */
  callsPerDay: number | null;
  connections: number | null;
  apiKeys: number | null;
}

export const plans = {
  free: { callsPerMinute: 30, callsPerDay: 10_000, connections: 3, apiKeys: 1 },
  pro: { callsPerMinute: 300, callsPerDay: 100_000, connections: 10, apiKeys: null },
  unlimited: { callsPerMinute: null, callsPerDay: null, connections: null, apiKeys: null },
} as const satisfies Record<string, PlanLimits>;

export type PlanName = keyof typeof plans;

export interface Plan extends PlanLimits {
  name: PlanName;
}

export function plan(name: PlanName): Plan {
  return { name, ...plans[name] };
}

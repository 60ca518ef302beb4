/** The limits of each plan; `null` is no limit. The owner of a self-hosted Skillett is on `unlimited`. */
export interface PlanLimits {
  /** Calls per calendar minute, per API key. */
  callsPerMinute: number | null;
  /** Calls per UTC day, per profile. */
  callsPerDay: number | null;
  connections: number | null;
  apiKeys: number | null;
  /** Of the files of skills and of listings, per tenant: by the plan of its owner. */
  storageBytes: number | null;
}

const mebibyte = 1024 * 1024;

export const plans = {
  free: { callsPerMinute: 30, callsPerDay: 10_000, connections: 3, apiKeys: 1, storageBytes: 100 * mebibyte },
  pro: {
    callsPerMinute: 300,
    callsPerDay: 100_000,
    connections: 10,
    apiKeys: null,
    storageBytes: 5120 * mebibyte,
  },
  unlimited: {
    callsPerMinute: null,
    callsPerDay: null,
    connections: null,
    apiKeys: null,
    storageBytes: null,
  },
} as const satisfies Record<string, PlanLimits>;

export type PlanName = keyof typeof plans;

export interface Plan extends PlanLimits {
  name: PlanName;
}

export function plan(name: PlanName): Plan {
  return { name, ...plans[name] };
}
